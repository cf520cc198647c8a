import { hash } from 'node:crypto';
import type { Account, Login } from '../../core/account/account';

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
		identity: nameOf([host, port, username, ...who]),
		proof: nameOf([proof, caCertificate, tlsServerName, proxy]),
	};
}

function nameOf(parts: readonly unknown[]): string {
	return hash('sha256', JSON.stringify(parts), 'base64url');
}
