import { afterEach, describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../support/silent-log';
import { createMailAccount } from '../../nodes/mail/account';
import type { OpenMailbox } from '../../nodes/mail/ports';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot, DovecotOptions } from '../support/servers/dovecot';
import { OWN_CONNECTIONS } from '../support/imap/own-connections';

const USER = 'neo@example.com';
const MAIL = `Subject: alert\r\n\r\n${'0123456789\r\n'.repeat(2_000)}`;

const running: Dovecot[] = [];
afterEach(async () => {
	await Promise.all(running.splice(0).map((dovecot) => dovecot.stop()));
});

async function start(options: Omit<DovecotOptions, 'users'>) {
	const dovecot = await startDovecot({ users: { [USER]: 'white-rabbit' }, ...options });
	running.push(dovecot);
	const account = createMailAccount({
		account: {
			host: dovecot.host,
			port: dovecot.port,
			username: USER,
			caCertificate: dovecot.ca,
		},
		signIn: () => Promise.resolve({ user: USER, password: 'white-rabbit' }),
		log: SILENT_LOG,
		shared: OWN_CONNECTIONS,
	});
	const within = <Result>(path: string, work: (mailbox: OpenMailbox) => Promise<Result>) =>
		account.withMailbox(path, work);
	const move = (uids: readonly number[], folder: string) =>
		within('INBOX', (mailbox) => mailbox.move(uids, folder));
	const uidsIn = async (mailbox: string) =>
		(await dovecot.list(USER, mailbox)).map(({ uid }) => uid);
	return { dovecot, within, move, uidsIn };
}

const IN_INBOX = 'namespace inbox {\n  separator = .\n  prefix = INBOX.\n}\n';
const QUOTA = `mail_plugins = $mail_plugins quota
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=60k
}
`;
const WITHOUT_MOVE = 'IMAP4rev1 SASL-IR LITERAL+ UIDPLUS NAMESPACE';

describe('moving on a server with other ways', () => {
	it.each([
		['in MOVE', undefined],
		['in COPY and UID EXPUNGE', WITHOUT_MOVE],
	])('with the separator "." below INBOX, %s', async (_name, capability) => {
		const { dovecot, move, uidsIn } = await start({
			config: IN_INBOX,
			...(capability !== undefined && { capability }),
		});
		for (let n = 0; n < 3; n += 1) await dovecot.deliver(USER, MAIL);

		await move([1, 3], 'Alerts/Größe & Zahl');

		expect(await uidsIn('INBOX')).toStrictEqual([2]);
		expect(await uidsIn('INBOX.Alerts.Größe & Zahl')).toHaveLength(2);
	});

	it('leaves the message where it is when the account is full', async () => {
		const { dovecot, move, uidsIn } = await start({ config: QUOTA, capability: WITHOUT_MOVE });
		await dovecot.deliver(USER, MAIL);
		await dovecot.deliver(USER, MAIL);

		await expect(move([1, 2], 'Done')).rejects.toMatchObject({
			code: 'refused-by-server',
			message: expect.stringContaining('The account is full'),
		});

		expect(await uidsIn('INBOX')).toStrictEqual([1, 2]);
		expect(await uidsIn('Done')).toStrictEqual([]);
	});

	it('moves within an account that is full, or leaves the message where it is, but never both', async () => {
		const { dovecot, move, uidsIn } = await start({ config: QUOTA });
		await dovecot.deliver(USER, MAIL);
		await dovecot.deliver(USER, MAIL);

		const code = await move([1, 2], 'Done').then(
			() => 'moved',
			(error: unknown) => (error as { code?: string }).code,
		);

		expect(['moved', 'refused-by-server']).toContain(code);
		expect(await uidsIn('INBOX')).toStrictEqual(code === 'moved' ? [] : [1, 2]);
		expect(await uidsIn('Done')).toHaveLength(code === 'moved' ? 2 : 0);
	});

	it('refuses to move or delete where single messages cannot be, and leaves all of them', async () => {
		const capability = 'IMAP4rev1 SASL-IR LITERAL+ NAMESPACE';
		const { dovecot, within, move, uidsIn } = await start({ capability });
		for (let n = 0; n < 2; n += 1) await dovecot.deliver(USER, MAIL);

		await expect(move([1], 'Done')).rejects.toMatchObject({
			message: expect.stringContaining('neither MOVE') as unknown,
		});
		await expect(within('INBOX', (mailbox) => mailbox.delete([1]))).rejects.toMatchObject({
			message: expect.stringContaining('no UIDPLUS') as unknown,
		});

		const left = await dovecot.list(USER);
		expect(left.map(({ uid, flags }) => [uid, flags])).toStrictEqual([
			[1, []],
			[2, []],
		]);
		expect(await uidsIn('Done')).toStrictEqual([]);
	});
});

describe('a mailbox that is deleted and created anew while it is open', () => {
	it.each<[string, (mailbox: OpenMailbox) => Promise<unknown>]>([
		['deleting', (mailbox) => mailbox.delete([1])],
		['marking', (mailbox) => mailbox.addFlag([1], '\\Seen')],
	])('%s by the old UID leaves the new message alone', async (_name, change) => {
		const { dovecot, within } = await start({});
		await dovecot.deliver(USER, MAIL, { mailbox: 'Alerts' });

		const changing = within('Alerts', async (mailbox) => {
			await dovecot.withClient(USER, async (client) => {
				await client.mailboxDelete('Alerts');
			});
			await dovecot.deliver(USER, MAIL, { mailbox: 'Alerts' });
			await change(mailbox);
		});

		await expect(changing).rejects.toMatchObject({ name: 'IngestError' });
		const [message, ...more] = await dovecot.list(USER, 'Alerts');
		expect(message).toMatchObject({ uid: 1, flags: [] });
		expect(more).toStrictEqual([]);
	});
});
