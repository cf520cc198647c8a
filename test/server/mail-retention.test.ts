import { afterAll, beforeAll, expect, it } from 'vitest';
import { SILENT_LOG } from '../support/silent-log';
import { createMailAccount } from '../../nodes/mail/account';
import type { OpenMailbox, RetentionMailbox } from '../../nodes/mail/ports';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

const DAY_MS = 86_400_000;
const users = { below: 'pw', saved: 'pw', other: 'pw' };
const FOLDER = 'AlertMagic Processed';
const MAIL = 'Subject: done\r\n\r\nbody\r\n';

let dovecot: Dovecot;

beforeAll(async () => {
	dovecot = await startDovecot({ users });
});
afterAll(() => dovecot.stop());

const inInbox = <Result>(
	server: Dovecot,
	user: keyof typeof users,
	work: (mailbox: OpenMailbox & RetentionMailbox) => Promise<Result>,
) =>
	createMailAccount({
		account: { host: server.host, port: server.port, username: user, caCertificate: server.ca },
		signIn: () => Promise.resolve({ user, password: users[user] }),
		log: SILENT_LOG,
		shared: OWN_CONNECTIONS,
	}).withMailbox('INBOX', work);

const uidsIn = async (user: string, mailbox: string) =>
	(await dovecot.list(user, mailbox)).map(({ uid }) => uid);

async function fillFolder(user: string, server: Dovecot = dovecot): Promise<void> {
	await server.withClient(user, (client) => client.mailboxCreate(FOLDER));
	for (const mailbox of [FOLDER, FOLDER, FOLDER]) await server.deliver(user, MAIL, { mailbox });
	await server.deliver(user, MAIL);
}

it('deletes below a UID, only while the folder is the same, and comes back to the mailbox', async () => {
	await fillFolder('below');

	await inInbox(dovecot, 'below', async (mailbox) => {
		const state = await mailbox.status(FOLDER);
		expect(state?.uidNext).toBe(4);
		expect(await mailbox.deleteBelow(FOLDER, '1', 3)).toBe(0);
		expect(await mailbox.deleteBelow(FOLDER, state?.uidValidity ?? '', 1)).toBe(0);
		expect(await mailbox.deleteBelow(FOLDER, state?.uidValidity ?? '', 3)).toBe(2);
		expect(await mailbox.uidsAfter(0)).toStrictEqual([1]);
	});

	expect(await uidsIn('below', FOLDER)).toStrictEqual([3]);
	expect(await uidsIn('below', 'INBOX')).toStrictEqual([1]);
});

it('deletes by the day a message was put there, which a server with SAVEDATE knows', async () => {
	await fillFolder('saved');

	await inInbox(dovecot, 'saved', async (mailbox) => {
		expect(await mailbox.deleteSavedBefore(FOLDER, new Date(Date.now() - DAY_MS))).toBe(0);
		expect(await mailbox.deleteSavedBefore(FOLDER, new Date(Date.now() + 2 * DAY_MS))).toBe(3);
		expect(await mailbox.deleteSavedBefore(FOLDER, new Date(Date.now() + 2 * DAY_MS))).toBe(0);
	});

	expect(await uidsIn('saved', FOLDER)).toStrictEqual([]);
	expect(await uidsIn('saved', 'INBOX')).toStrictEqual([1]);
});

it('does not guess the day on a server without SAVEDATE', async () => {
	const poorer = await startDovecot({
		users,
		capability: 'IMAP4rev1 SASL-IR LITERAL+ UIDPLUS MOVE',
	});
	try {
		await fillFolder('other', poorer);
		const deleted = await inInbox(poorer, 'other', (mailbox) =>
			mailbox.deleteSavedBefore(FOLDER, new Date(Date.now() + 2 * DAY_MS)),
		);

		expect(deleted).toBeUndefined();
		expect(await poorer.list('other', FOLDER)).toHaveLength(3);
	} finally {
		await poorer.stop();
	}
});

it('has nothing to do in a folder that does not exist yet', async () => {
	await inInbox(dovecot, 'other', async (mailbox) => {
		expect(await mailbox.status('Nowhere')).toBeUndefined();
		expect(await mailbox.deleteBelow('Nowhere', '1', 5)).toBe(0);
		expect(await mailbox.deleteSavedBefore('Nowhere', new Date())).toBe(0);
	});
});

it('knows the special mailboxes, and never empties INBOX or the open one', async () => {
	await dovecot.withClient('other', (client) => client.mailboxCreate('Trash'));
	await dovecot.withClient('other', (client) => client.mailboxCreate('Plain'));

	await inInbox(dovecot, 'other', async (mailbox) => {
		expect(await mailbox.isSpecial('inbox')).toBe(true);
		expect(await mailbox.isSpecial('Trash')).toBe(true);
		expect(await mailbox.isSpecial('Plain')).toBe(false);
		await expect(mailbox.deleteBelow('Inbox', mailbox.state.uidValidity, 99)).rejects.toMatchObject(
			{
				code: 'configuration',
			},
		);
		await expect(mailbox.deleteSavedBefore('INBOX', new Date())).rejects.toMatchObject({
			code: 'configuration',
		});
	});
});
