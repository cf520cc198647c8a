import type { Login } from '../../../nodes/core/account/account';
import { SILENT_LOG } from '../silent-log';
import { createMailAccount } from '../../../nodes/mail/account';
import type { SessionOptions } from '../../../nodes/mail/connections/client';
import type { ConnectionRegistry } from '../../../nodes/mail/connections/connection-registry';
import type { MailAccount } from '../../../nodes/mail/ports';

export interface SharedAccountOptions extends Partial<SessionOptions> {
	readonly registry: ConnectionRegistry;
	readonly username?: string;
	readonly password?: string;
	/** How the account signs in; with its password unless given. */
	readonly login?: Login;
	readonly eager?: boolean;
}

/** An account on a test server that shares the connections of a registry. */
export function openSharedAccount(
	server: { readonly host: string; readonly port: number; readonly ca: string },
	options: SharedAccountOptions,
): MailAccount {
	const { registry, username = 'neo', password = 'white-rabbit', eager = false, ...more } = options;
	const login = options.login ?? { kind: 'password', password };
	return createMailAccount({
		account: { host: server.host, port: server.port, username, caCertificate: server.ca },
		signIn: () => Promise.resolve({ user: username, password }),
		log: SILENT_LOG,
		timeouts: { connect: 5_000, greeting: 2_000, silence: 400, reuse: 300, logout: 200 },
		shared: { registry, login, eager },
		...more,
	});
}
