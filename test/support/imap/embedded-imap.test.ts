import { afterAll, beforeAll, expect, it } from 'vitest';
import { SILENT_LOG } from '../silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import { verifyLogin } from './verify-login';
import { startEmbeddedImap } from './embedded-imap';
import type { EmbeddedImap } from './embedded-imap';
import { OWN_CONNECTIONS } from './own-connections';

const WAKE_UP = [
	'From: Trinity <trinity@zion.com>',
	'To: neo@example.com',
	'Subject: Wake up Neo',
	'Date: Mon, 23 Nov 2026 10:00:00 +0100',
	'Message-ID: <1@zion.com>',
	'',
	'Spoon: false',
	'',
].join('\r\n');

let server: EmbeddedImap;

beforeAll(async () => {
	server = await startEmbeddedImap({ users: { neo: 'white-rabbit' }, mailboxes: ['Alerts'] });
});
afterAll(() => server.stop());

const toOptions = (password = 'white-rabbit') => ({
	account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
	signIn: () => Promise.resolve({ user: 'neo', password }),
	log: SILENT_LOG,
});

it('takes a message from the INBOX through head, body, flag and move to a new folder', async () => {
	const uid = server.deliver(WAKE_UP);

	const read = await createMailAccount({ ...toOptions(), shared: OWN_CONNECTIONS }).withMailbox(
		'INBOX',
		async (mailbox) => {
			const uids = await mailbox.uidsAfter(0);
			const heads = await mailbox.heads(uids);
			const { texts: bodies } = await mailbox.bodies(heads);
			await mailbox.addFlag(uids, '\\Flagged');
			await mailbox.move(uids, 'AlertMagic Processed');
			return { heads, bodies };
		},
	);

	expect(read.heads.map(({ summary }) => summary)).toMatchObject([
		{
			uid,
			from: ['trinity@zion.com'],
			to: ['neo@example.com'],
			subject: 'Wake up Neo',
			date: '2026-11-23T09:00:00.000Z',
			messageId: '<1@zion.com>',
			size: WAKE_UP.length,
			attachments: [],
		},
	]);
	expect(read.bodies.get(uid)).toStrictEqual({
		text: 'Spoon: false\r\n',
		source: 'text',
		truncated: false,
	});
	expect(server.list()).toStrictEqual([]);
	expect(server.list('AlertMagic Processed')).toMatchObject([{ flags: ['\\Flagged'] }]);
});

it('lists the mailboxes', async () => {
	const mailboxes = await createMailAccount({ ...toOptions(), shared: OWN_CONNECTIONS }).list();

	expect(mailboxes.map(({ path }) => path)).toContain('Alerts');
});

it('tells a wrong password', async () => {
	await expect(
		verifyLogin({ ...toOptions('red-pill'), shared: OWN_CONNECTIONS }),
	).rejects.toMatchObject({
		code: 'password-rejected',
	});
	await expect(verifyLogin({ ...toOptions(), shared: OWN_CONNECTIONS })).resolves.toBeUndefined();
});
