import { ConfidentialClientApplication } from '@azure/msal-node';
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';

import type { ClientCredentials, ClientProof, TokenIssuer } from '../core/account/account';
import { IngestError } from '../core/errors';
import { parseJsonObject } from '../core/is-record';
import { toBareError } from '../core/redact';
import { parseBearerToken } from './access-token';
import { readFederatedToken } from './host-identity';
import type { HostServices } from './host-identity';
import type { AccessToken } from './access-token';
import { readChain } from './client-assertion';
import type { HttpClient } from '../net/https';
import { toCredentialsRedactor, toTokenError } from './token-error';

export type EntraIssuer = Extract<TokenIssuer, { kind: 'entra' }>;

/**
 * Gets an app-only token of an Entra tenant through MSAL. Each request has a new application and so an empty cache of MSAL's:
 * token-source.ts shares tokens between all nodes of the process. MSAL's errors are not used either: it drops the cause of a
 * network failure, and after a 429 or 5xx it refuses for a minute without asking. The network module here says what happened.
 *
 * @param now milliseconds since 1970
 * @throws IngestError
 */
export async function requestEntraToken(
	credentials: ClientCredentials,
	issuer: EntraIssuer,
	deps: { readonly http: HttpClient; readonly now: () => number; readonly host: HostServices },
): Promise<AccessToken> {
	const network = new FaultKeepingNetwork(deps.http, (response) =>
		toTokenError(response, credentials, deps.now()),
	);
	const application = new ConfidentialClientApplication({
		auth: {
			clientId: credentials.clientId,
			authority: issuer.authority,
			...(await toMsalProof(credentials.proof, deps.host)),
			// MSAL fails when the key is there without a value.
			...(issuer.knownAuthority !== undefined && { knownAuthorities: [issuer.knownAuthority] }),
		},
		system: { networkClient: network },
	});
	const host = new URL(issuer.authority).host;
	try {
		const result = await application.acquireTokenByClientCredential({
			scopes: [credentials.scope],
		});
		// MSAL takes an answer without a token for a success with an empty one.
		const value = parseBearerToken(result?.accessToken, host);
		return { value, expiresOn: result?.expiresOn?.getTime() ?? deps.now() };
	} catch (error) {
		if (error instanceof IngestError) throw error;
		if (network.fault !== undefined) throw network.fault;
		const cause = toBareError(error, toCredentialsRedactor(credentials));
		throw new IngestError(
			'token-endpoint-failed',
			`Microsoft Entra at ${host} gave no token: ${cause.message.slice(0, 300)}.`,
			{ remedy: 'Check tenant, Microsoft Cloud and Token URL of the account.', cause },
		);
	}
}

async function toMsalProof(proof: ClientProof, host: HostServices) {
	if (proof.kind === 'secret') return { clientSecret: proof.secret };
	if (proof.kind === 'tokenFile') return { clientAssertion: await readFederatedToken(host) };
	if (proof.kind !== 'certificate') return {};
	const [certificate] = readChain(proof);
	return {
		clientCertificate: {
			thumbprintSha256: (certificate?.fingerprint256 ?? '').replaceAll(':', ''),
			privateKey: proof.privateKey,
			x5c: proof.certificate,
		},
	};
}

/** MSAL's view of the network; keeps the fault that MSAL would hide. */
class FaultKeepingNetwork implements INetworkModule {
	fault: IngestError | undefined;

	constructor(
		private readonly http: HttpClient,
		private readonly toError: (response: Awaited<ReturnType<HttpClient['send']>>) => IngestError,
	) {}

	sendGetRequestAsync<T>(
		url: string,
		options?: NetworkRequestOptions,
	): Promise<NetworkResponse<T>> {
		return this.send('GET', url, options);
	}

	sendPostRequestAsync<T>(
		url: string,
		options?: NetworkRequestOptions,
	): Promise<NetworkResponse<T>> {
		return this.send('POST', url, options);
	}

	private async send<T>(
		method: 'GET' | 'POST',
		url: string,
		options: NetworkRequestOptions = {},
	): Promise<NetworkResponse<T>> {
		const { headers = {}, body } = options;
		try {
			const response = await this.http.send({ method, url, headers, body });
			const refused = response.status < 200 || response.status > 299;
			if (refused || parseJsonObject(response.body) === undefined) throw this.toError(response);
			// The type of a body is MSAL's own expectation, which MSAL checks.
			const parsed: T = JSON.parse(response.body);
			return { status: response.status, headers: { ...response.headers }, body: parsed };
		} catch (error) {
			if (error instanceof IngestError) this.fault = error;
			throw error;
		}
	}
}
