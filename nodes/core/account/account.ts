/** A Microsoft cloud: it decides the sign-in authority and the IMAP scope. */
export type Cloud = 'public' | 'usGovernment' | 'china';

/** How an application proves who it is to a token endpoint. */
export type ClientProof =
	| { readonly kind: 'secret'; readonly secret: string; readonly sendIn: 'body' | 'basicHeader' }
	| { readonly kind: 'certificate'; readonly certificate: string; readonly privateKey: string };

/** Where tokens come from: an Entra tenant (through MSAL) or another OAuth2 token endpoint (RFC 6749). */
export type TokenIssuer =
	| {
			readonly kind: 'entra';
			/** `https://login.microsoftonline.com/<tenant>` or the like. */
			readonly authority: string;
			/** Set only for an authority MSAL does not know (a stand-in or a private cloud): its host with port. */
			readonly knownAuthority?: string;
	  }
	| { readonly kind: 'endpoint'; readonly tokenUrl: string };

/** OAuth2 client credentials grant (RFC 6749, 4.4). */
export interface ClientCredentials {
	readonly issuer: TokenIssuer;
	readonly clientId: string;
	readonly scope: string;
	readonly proof: ClientProof;
}

/** How an account signs in. */
export type Login =
	| { readonly kind: 'password'; readonly password: string }
	| { readonly kind: 'clientCredentials'; readonly credentials: ClientCredentials };

/** A mail account: the server, who signs in, and how. */
export interface Account {
	readonly host: string;
	readonly port: number;
	readonly username: string;
	readonly login: Login;
	/** PEM of certificate authorities trusted besides the public ones. */
	readonly caCertificate?: string;
	/** ISO date (`2027-01-31`) on which the client secret expires, as the user noted it. */
	readonly clientSecretExpiresOn?: string;
}

/** The name of an account in items, logs and ids: `user@host`. */
export function accountName(account: Pick<Account, 'host' | 'username'>): string {
	return `${account.username}@${account.host}`;
}
