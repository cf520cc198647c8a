import { hash, randomUUID } from 'node:crypto';

import type { ClientCredentials } from '../core/account/account';
import { IngestError } from '../core/errors';
import type { Log } from '../core/log';
import type { AccessToken } from './access-token';
import { assertCertificateValid } from './client-assertion';
import { requestEndpointToken } from './endpoint-token';
import { requestEntraToken } from './entra-token';
import { PROCESS_HOST } from './host-identity';
import type { HostServices } from './host-identity';
import { requestManagedIdentityToken } from './managed-identity';
import { requestServiceAccountToken } from './service-account-token';
import type { HttpClient } from '../net/https';
import { PROCESS_TOKENS } from './token-registry';
import type { TokenRegistry } from './token-registry';

/** A token, and whether it was kept from an earlier request: then it may have been revoked since. */
export interface GivenToken extends AccessToken {
	readonly kept: boolean;
}

export interface TokenSource {
	/** A token good for some minutes at least; from the cache or from the token endpoint. Rejects with an IngestError. */
	token(): Promise<GivenToken>;
	/** Forgets the token this source gave last, so that the next call asks the endpoint. */
	invalidate(): void;
}

export interface TokenSourceOptions {
	readonly credentials: ClientCredentials;
	readonly http: HttpClient;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	readonly log: Log;
	/** Whose mailbox is opened: what a service account needs to say. */
	readonly user?: string;
	/** By default the machine that n8n runs on. */
	readonly host?: HostServices;
	/** Where tokens are kept; by default the one of the process. */
	readonly registry?: TokenRegistry | undefined;
}

/**
 * Creates a source of tokens. Sources of the same identity share one token and one request in flight, across all nodes of the
 * process; a changed secret, certificate, scope or endpoint is another identity.
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
	const { credentials, http, now, log, user = '', registry = PROCESS_TOKENS } = options;
	const { host = PROCESS_HOST } = options;
	const key = identityKey(credentials, user);
	let given: AccessToken | undefined;
	return {
		async token() {
			let kept = true;
			const current = await registry.get(key, now, async () => {
				kept = false;
				const token = await requestToken(credentials, { http, now, newId: randomUUID, host, user });
				log.debug('Got an access token', {
					clientId: credentials.clientId,
					expiresOn: new Date(token.expiresOn).toISOString(),
				});
				return token;
			});
			given = current;
			return { ...current, kept };
		},
		invalidate() {
			if (given !== undefined) registry.forget(key, given);
		},
	};
}

interface Deps {
	readonly http: HttpClient;
	readonly now: () => number;
	readonly newId: () => string;
	readonly host: HostServices;
	readonly user: string;
}

async function requestToken(credentials: ClientCredentials, deps: Deps): Promise<AccessToken> {
	const { proof } = credentials;
	if (proof.kind === 'certificate') assertCertificateValid(proof, deps.now());
	const token = await requestFromIssuer(credentials, deps);
	if (token.expiresOn > deps.now()) return token;
	throw new IngestError(
		'token-endpoint-failed',
		'The token endpoint gave a token that is expired.',
		{
			remedy: 'Set the clock of the n8n host right.',
		},
	);
}

async function requestFromIssuer(credentials: ClientCredentials, deps: Deps): Promise<AccessToken> {
	const { issuer, proof } = credentials;
	if (issuer.kind === 'entra') return await requestEntraToken(credentials, issuer, deps);
	if (issuer.kind === 'managedIdentity') {
		return await requestManagedIdentityToken(credentials, deps.host, deps.now);
	}
	const { tokenUrl } = issuer;
	if (proof.kind !== 'serviceAccount') {
		return await requestEndpointToken(credentials, tokenUrl, deps);
	}
	const { user } = deps;
	return await requestServiceAccountToken(credentials, { tokenUrl, proof, user }, deps);
}

/** A one-way name for an identity, so that the registry holds no secret as a key. */
function identityKey(credentials: ClientCredentials, user: string): string {
	const { issuer, clientId, scope, proof } = credentials;
	// The token of a service account opens one mailbox, that of an application all.
	const parts = [issuer, clientId, scope, proof, issuer.kind === 'google' ? user : ''];
	return hash('sha256', JSON.stringify(parts), 'base64url');
}
