import type { Account } from '../../../nodes/core/account/account';
import type { EntraStandIn } from './entra';

/** The same account with MSAL asking a stand-in for its tokens as if that were an authority of Microsoft's. */
export function servedByEntra(
	account: Account,
	{ authority, host }: Pick<EntraStandIn, 'authority' | 'host'>,
): Account {
	const { login } = account;
	if (
		login.kind !== 'clientCredentials' ||
		!['entra', 'endpoint'].includes(login.credentials.issuer.kind)
	)
		return account;
	const issuer = { kind: 'entra', authority, knownAuthority: host } as const;
	return { ...account, login: { ...login, credentials: { ...login.credentials, issuer } } };
}
