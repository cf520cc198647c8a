import { IngestError } from '../core/errors';
import { parseJsonObject } from '../core/is-record';
import { redactUnknown } from '../core/redact';
import type { Redact } from '../core/redact';

/** A bearer token (RFC 6750). The value is a secret: never into a log, an item or an error. */
export interface AccessToken {
	readonly value: string;
	/** Milliseconds since 1970, UTC. */
	readonly expiresOn: number;
}

/** What diagnosis needs of a token's claims (Microsoft Learn "Access token claims reference"). */
export interface TokenClaims {
	readonly audience: string | undefined;
	/** Tenant that issued the token. */
	readonly tenantId: string | undefined;
	/** Application (client) ID: `appid` in v1.0 tokens, `azp` in v2.0 tokens. */
	readonly applicationId: string | undefined;
	/** Object ID of the signed-in principal; of an application that is its service principal (enterprise application). */
	readonly objectId: string | undefined;
	/** Application permissions that were consented to. */
	readonly roles: readonly string[];
	/** Milliseconds since 1970, UTC. */
	readonly expiresOn: number | undefined;
}

/** Claims are names, addresses and numbers; they are shown. */
const MAX_CLAIM_LENGTH = 256;

/** SASL puts the token between control characters (XOAUTH2), so only the characters of RFC 6750, 2.1 may be in it. */
const BEARER_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Checks what a token endpoint called a token.
 *
 * @throws IngestError `token-endpoint-failed` when it is empty or holds a character that no bearer token has
 */
export function parseBearerToken(value: unknown, host: string): string {
	if (typeof value === 'string' && BEARER_TOKEN.test(value)) return value;
	const problem =
		value === undefined || value === '' ? 'without a token' : 'with a malformed token';
	throw new IngestError(
		'token-endpoint-failed',
		`The token endpoint ${host} answered ${problem}.`,
		{ remedy: 'Check Token URL: it has to be the address of an OAuth2 token endpoint.' },
	);
}

/**
 * Reads the claims of a JWT without verifying it: for diagnosis only, never for a decision about access. Undefined for a token
 * that is no JWT; Microsoft documents that clients must not rely on a token's format.
 */
export function readTokenClaims(
	token: string,
	redact: Redact = redactUnknown,
): TokenClaims | undefined {
	const payload = decodePayload(token);
	if (payload === undefined) return undefined;
	const text = (name: string) => {
		const value = payload[name];
		return typeof value === 'string' ? redact(value.slice(0, MAX_CLAIM_LENGTH)) : undefined;
	};
	const { roles, exp } = payload;
	return {
		audience: text('aud'),
		tenantId: text('tid'),
		applicationId: text('appid') ?? text('azp'),
		objectId: text('oid'),
		expiresOn: typeof exp === 'number' ? exp * 1000 : undefined,
		roles: Array.isArray(roles)
			? roles.flatMap((role) =>
					typeof role === 'string' ? redact(role.slice(0, MAX_CLAIM_LENGTH)) : [],
				)
			: [],
	};
}

function decodePayload(token: string): Readonly<Record<string, unknown>> | undefined {
	const [, payload, signature] = token.split('.');
	if (payload === undefined || signature === undefined) return undefined;
	return parseJsonObject(Buffer.from(payload, 'base64url').toString('utf8'));
}
