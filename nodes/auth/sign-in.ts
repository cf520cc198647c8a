/*
 * An account becomes what its connection signs in with: a password as it stands, or a token. token-source.ts chooses who
 * gives it (entra-token.ts, endpoint-token.ts, service-account-token.ts, managed-identity.ts), token-registry.ts keeps it
 * for all who use the identity, access-token.ts checks it. Why one was refused: token-error.ts, and explain-refusal.ts for
 * what the mail server refuses.
 */
import type { Account, SignInProof } from '../core/account/account';
import type { IngestError, IngestErrorCode } from '../core/errors';
import type { Log } from '../core/log';
import { explainTokenRefusal } from './explain-refusal';
import { assertHostIdentityAllowed, PROCESS_HOST } from './host-identity';
import type { HostServices } from './host-identity';
import type { EgressRules } from '../net/egress';
import { createHttpClient } from '../net/https';
import type { HttpClient } from '../net/https';
import { createTokenSource } from './token-source';
import type { TokenRegistry } from './token-registry';

export interface SignIn {
	/**
	 * Data for one sign-in; asks for a token when none is cached. A token the server no longer takes is given as
	 * `refusedToken` and is not given again. Rejects with an IngestError.
	 */
	signIn(refusedToken?: string): Promise<SignInProof>;
	/**
	 * Says more about a sign-in that the mail server refused, and forgets the token, so that the next attempt has one with the
	 * permissions granted meanwhile. Errors that have nothing to do with the token come back as they are.
	 */
	explainRefusal(error: IngestError): Promise<IngestError>;
}

export interface SignInOptions {
	/** Milliseconds since 1970. */
	readonly now: () => number;
	readonly log: Log;
	/** Those of the n8n instance. */
	readonly egress?: EgressRules | undefined;
	/** By default a client that trusts the account's CA certificate as well. */
	readonly http?: HttpClient;
	/** By default the machine that n8n runs on. */
	readonly host?: HostServices;
	/** By default the tokens of the process. */
	readonly registry?: TokenRegistry | undefined;
}

/** Refusals whose reason the token can tell; the others already say what is wrong. */
const EXPLAINABLE: ReadonlySet<IngestErrorCode> = new Set<IngestErrorCode>([
	'password-rejected',
	'sign-in-refused',
	'mailbox-permission-missing',
	'consent-missing',
]);

/** Turns an account into what its mail connection signs in with: the password, or a token. */
export function createSignIn(account: Account, options: SignInOptions): SignIn {
	const { login, username } = account;
	if (login.kind === 'password') {
		const data = { user: username, password: login.password };
		return {
			signIn: () => Promise.resolve(data),
			explainRefusal: (error) => Promise.resolve(error),
		};
	}
	const { credentials } = login;
	const { caCertificate } = account;
	const { egress, host = PROCESS_HOST } = options;
	const { http = createHttpClient({ caCertificate, egress }) } = options;
	const source = createTokenSource({ ...options, credentials, http, host, user: username });
	let lastToken: string | undefined;
	return {
		async signIn(refusedToken) {
			assertHostIdentityAllowed(credentials, account, host);
			let token = await source.token();
			if (token.value === refusedToken) {
				source.invalidate();
				token = await source.token();
			}
			lastToken = token.value;
			const { value, expiresOn, kept } = token;
			return { user: username, accessToken: value, expiresOn, kept };
		},
		explainRefusal(error) {
			if (lastToken === undefined || !EXPLAINABLE.has(error.code)) return Promise.resolve(error);
			source.invalidate();
			return Promise.resolve(explainTokenRefusal(error, account, credentials, lastToken));
		},
	};
}
