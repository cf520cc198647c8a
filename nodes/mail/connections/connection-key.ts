import { createHash } from 'node:crypto';
import type { Account, Login } from '../../core/account/account';

/** Which connections are alike. */
export interface ConnectionKey {
	/** Server, user and who signs in: the server counts connections by it, and asks for pauses. */
	readonly identity: string;
	/** What is shown and trusted: nobody uses a connection that was opened with another one. */
	readonly proof: string;
}

/** One-way names, so that a registry holds no secret as a key. */
export function toConnectionKey(
	{
		host,
		port,
		username,
		caCertificate = '',
		tlsServerName = '',
		proxy = '',
	}: Omit<Account, 'login' | 'clientSecretExpiresOn'>,
	login: Login,
): ConnectionKey {
	const who =
		login.kind === 'password'
			? [login.kind]
			: [login.kind, login.credentials.issuer, login.credentials.clientId, login.credentials.scope];
	const proof = login.kind === 'password' ? login.password : login.credentials.proof;
	return {
		identity: hash([host, port, username, ...who]),
		proof: hash([proof, caCertificate, tlsServerName, proxy]),
	};
}

function hash(parts: readonly unknown[]): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
