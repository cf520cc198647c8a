import { SILENT_LOG } from '../silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import type { OpenMailbox, RetentionMailbox } from '../../../nodes/mail/ports';
import { startFakeImapServer } from './fake-imap-server';
import type { FakeImapOptions } from './fake-imap-server';
import { OWN_CONNECTIONS } from './own-connections';

export type ScriptedMailbox = OpenMailbox & RetentionMailbox;

/** What comes of work on INBOX of a scripted server, and the commands it takes once INBOX is open. */
export async function performScripted<Result>(
	script: FakeImapOptions,
	work: (mailbox: ScriptedMailbox) => Promise<Result>,
	options: { readOnly?: boolean } = {},
): Promise<{ outcome: unknown; commands: readonly string[] }> {
	const server = await startFakeImapServer(script);
	const account = createMailAccount({
		account: { host: server.host, port: server.port, username: 'neo', caCertificate: server.ca },
		signIn: () => Promise.resolve({ user: 'neo', password: 'white-rabbit' }),
		log: SILENT_LOG,
		timeouts: { silence: 2_000, logout: 100 },
		shared: OWN_CONNECTIONS,
	});
	try {
		const outcome = await account
			.withMailbox('INBOX', work, options)
			.catch((error: unknown) => error);
		const opened = server.commands.findIndex((command) => /^(?:SELECT|EXAMINE)/.test(command));
		return { outcome, commands: server.commands.slice(opened + 1).filter((c) => c !== 'LOGOUT') };
	} finally {
		await server.stop();
	}
}
