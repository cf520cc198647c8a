/** A Microsoft cloud: it decides the sign-in authority and the IMAP scope. */
export type Cloud = 'public' | 'usGovernment' | 'china';

/** How an application proves who it is to a token endpoint. */
export type ClientProof =
	| { readonly kind: 'secret'; readonly secret: string; readonly sendIn: 'body' | 'basicHeader' }
	| { readonly kind: 'certificate'; readonly certificate: string; readonly privateKey: string }
	/** The token of the platform that n8n runs on, which Entra trusts for the application (workload identity federation). */
	| { readonly kind: 'tokenFile' }
	/** The machine that n8n runs on is the proof (managed identity). */
	| { readonly kind: 'host' }
	| {
			readonly kind: 'serviceAccount';
			readonly privateKey: string;
			readonly keyId: string;
			/** The number under which an administrator delegates to the service account; empty when the key file has none. */
			readonly uniqueId: string;
	  };

/** Where tokens come from: an Entra tenant (through MSAL), another OAuth2 token endpoint (RFC 6749), the Azure host itself, or Google (RFC 7523). */
export type TokenIssuer =
	| {
			readonly kind: 'entra';
			/** `https://login.microsoftonline.com/<tenant>` or the like. */
			readonly authority: string;
			/**
			 * Host and port of an authority that is not on Microsoft's own list. No setting leads here: MSAL sends the client
			 * secret to whatever it is told to trust without that list. Tests put their stand-in here.
			 */
			readonly knownAuthority?: string;
	  }
	| { readonly kind: 'endpoint'; readonly tokenUrl: string }
	| { readonly kind: 'managedIdentity' }
	| { readonly kind: 'google'; readonly tokenUrl: string };

/** How an application gets tokens: by the client credentials grant (RFC 6749, 4.4) or what takes its place. */
export interface ClientCredentials {
	readonly issuer: TokenIssuer;
	/** Empty for the managed identity that the machine itself has. */
	readonly clientId: string;
	readonly scope: string;
	readonly proof: ClientProof;
}

export type Login =
	| { readonly kind: 'password'; readonly password: string }
	| { readonly kind: 'clientCredentials'; readonly credentials: ClientCredentials };

/** What an account shows the mail server to sign in. */
export type SignInProof =
	| { readonly user: string; readonly password: string }
	| {
			readonly user: string;
			readonly accessToken: string;
			/** Epoch milliseconds; the session ends with its token. */
			readonly expiresOn?: number;
			/** Whether the token is not fresh from its endpoint: then it may have been revoked since. */
			readonly kept?: boolean;
	  };

/** A mail account: the server, who signs in, and how. */
export interface Account {
	readonly host: string;
	readonly port: number;
	readonly username: string;
	readonly login: Login;
	/** PEM of certificate authorities trusted besides the public ones. */
	readonly caCertificate?: string;
	/** How long to wait for the server's greeting, in milliseconds; a minute unless given. */
	readonly greetingTimeoutMs?: number;
	/** The name that the certificate of the server is expected to have, where it is not the host's; an IP address as well. */
	readonly tlsServerName?: string;
	/** URL of the proxy to the mail server; a secret where it has user-info. Else that of the environment, if any. */
	readonly proxy?: string;
	/** ISO date (`2027-01-31`) on which the client secret expires, as the user noted it. */
	readonly clientSecretExpiresOn?: string;
	/** ISO date on which the client certificate expires. */
	readonly certificateExpiresOn?: string;
}

/** The name of an account in items, logs and ids: `user@host`. */
export function accountName(account: Pick<Account, 'host' | 'username'>): string {
	return `${account.username}@${account.host}`;
}
