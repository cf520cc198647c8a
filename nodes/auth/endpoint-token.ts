import type { ClientCredentials } from '../core/account/account';
import { IngestError } from '../core/errors';
import { parseJsonObject } from '../core/is-record';
import { parseBearerToken, readTokenClaims } from './access-token';
import type { AccessToken } from './access-token';
import { createClientAssertion } from './client-assertion';
import type { HttpClient, HttpResponse } from '../net/https';
import { toTokenError } from './token-error';

/** Lifetime of a token whose endpoint does not tell (RFC 6749, 5.1 recommends it): short, so that it is renewed early. */
const UNTOLD_LIFETIME_MS = 5 * 60 * 1000;

/**
 * Gets a token by the client credentials grant (RFC 6749, 4.4) from a token endpoint outside Entra. The client proves itself by
 * its secret in the body or in a Basic header (2.3.1), or by an assertion signed with its certificate's key (RFC 7523, 2.2).
 *
 * @param deps `now` in milliseconds since 1970; `newId` gives a unique ID for each assertion
 * @throws IngestError
 */
export async function requestEndpointToken(
	credentials: ClientCredentials,
	tokenUrl: string,
	deps: { readonly http: HttpClient; readonly now: () => number; readonly newId: () => string },
): Promise<AccessToken> {
	const { form, authorization } = toClientAuthentication(credentials, tokenUrl, deps);
	const askedAt = deps.now();
	const { scope } = credentials;
	const asked = { grant_type: 'client_credentials', ...(scope !== '' && { scope }), ...form };
	const response = await postForm(deps.http, tokenUrl, asked, authorization);
	return readTokenResponse(response, tokenUrl, askedAt, () =>
		toTokenError(response, credentials, deps.now()),
	);
}

/** Asks a token endpoint (RFC 6749, 4.4.2). */
export async function postForm(
	http: HttpClient,
	url: string,
	form: Readonly<Record<string, string>>,
	authorization?: string,
): Promise<HttpResponse> {
	return await http.send({
		method: 'POST',
		url,
		headers: {
			accept: 'application/json',
			'content-type': 'application/x-www-form-urlencoded',
			...(authorization !== undefined && { authorization }),
		},
		body: new URLSearchParams(form).toString(),
	});
}

/**
 * Reads the answer of a token endpoint (RFC 6749, 5.1).
 *
 * @param askedAt milliseconds since 1970
 * @param toRefusal words an answer that gives no token
 */
export function readTokenResponse(
	response: HttpResponse,
	tokenUrl: string,
	askedAt: number,
	toRefusal: () => IngestError,
): AccessToken {
	const body = parseJsonObject(response.body);
	// Some endpoints answer an error with status 200.
	if (response.status !== 200 || body === undefined || typeof body['error'] === 'string') {
		throw toRefusal();
	}
	const { host } = new URL(tokenUrl);
	refuseOtherTokenType(body['token_type'], host);
	const value = parseBearerToken(body['access_token'], host);
	return { value, expiresOn: readExpiry(body['expires_in'], value, askedAt) };
}

interface ClientAuthentication {
	readonly form: Readonly<Record<string, string>>;
	readonly authorization?: string;
}

function toClientAuthentication(
	{ clientId, proof }: ClientCredentials,
	tokenUrl: string,
	deps: { readonly now: () => number; readonly newId: () => string },
): ClientAuthentication {
	if (proof.kind === 'certificate') {
		return {
			form: {
				client_id: clientId,
				client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
				client_assertion: createClientAssertion(proof, {
					clientId,
					audience: tokenUrl,
					now: deps.now(),
					id: deps.newId(),
				}),
			},
		};
	}
	// Nothing else is sent to an endpoint that is not its own.
	if (proof.kind !== 'secret') return { form: {} };
	if (proof.sendIn === 'body') {
		return { form: { client_id: clientId, client_secret: proof.secret } };
	}
	const pair = `${encodeForm(clientId)}:${encodeForm(proof.secret)}`;
	return { form: {}, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** RFC 6749, 2.3.1 and appendix B: both halves of the Basic header are form-encoded first. */
function encodeForm(text: string): string {
	return new URLSearchParams({ v: text }).toString().slice('v='.length);
}

function refuseOtherTokenType(type: unknown, host: string): void {
	if (type === undefined || (typeof type === 'string' && type.toLowerCase() === 'bearer')) return;
	throw new IngestError(
		'token-endpoint-failed',
		`The token endpoint ${host} answered with a token that is no bearer token.`,
		{ remedy: 'Mail servers take bearer tokens only; have the client registered for them.' },
	);
}

function readExpiry(expiresIn: unknown, token: string, askedAt: number): number {
	const seconds =
		typeof expiresIn === 'number' || typeof expiresIn === 'string' ? Number(expiresIn) : Number.NaN;
	if (Number.isFinite(seconds)) return askedAt + seconds * 1000;
	return readTokenClaims(token)?.expiresOn ?? askedAt + UNTOLD_LIFETIME_MS;
}
