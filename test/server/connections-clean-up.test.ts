import { afterEach, describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../../nodes/core/log';
import { createMailAccount } from '../../nodes/mail/account';
import { startDovecot } from '../support/dovecot';
import type { Dovecot, DovecotOptions } from '../support/dovecot';

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
	});
	const move = (uids: readonly number[], folder: string) =>
		account.withMailbox('INBOX', (mailbox) => mailbox.move(uids, folder));
	const uidsIn = async (mailbox: string) =>
		(await dovecot.list(USER, mailbox)).map(({ uid }) => uid);
	return { dovecot, move, uidsIn };
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
});
