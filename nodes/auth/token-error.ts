import type { ClientCredentials, ClientProof, TokenIssuer } from '../core/account/account';
import { parseJsonObject } from '../core/is-record';
import { IngestError } from '../core/errors';
import type { IngestErrorCode } from '../core/errors';
import { parseRetryAfter } from '../core/pause';
import { createRedactor } from '../core/redact';
import type { Redact } from '../core/redact';
import { adminConsentUrl, ENTRA_REFUSALS, UNKNOWN_REFUSAL_REMEDY } from './entra-error-table';
import type { SignInSubject } from './entra-error-table';
import type { HttpResponse } from '../net/https';

/** Error body of a token endpoint (RFC 6749, 5.2), with Entra's additions. */
interface ErrorBody {
	readonly error: string;
	readonly description: string;
	/** Number of an AADSTS code. */
	readonly number?: number;
	readonly correlationId?: string;
}

/** So much of a field is read: more of it would not be shown. */
const MAX_FIELD_LENGTH = 4096;

/** Blanks out what a token endpoint is sent: the secret, in the body or the Basic header, and a key in its address. */
export function toCredentialsRedactor({ proof, issuer }: ClientCredentials): Redact {
	const query = issuer.kind === 'endpoint' ? new URL(issuer.tokenUrl).searchParams : undefined;
	return createRedactor([
		...(proof.kind === 'secret' ? [proof.secret] : []),
		...(query === undefined ? [] : query.values()),
	]);
}

/** Who signs in where, in identifiers that an error may name. */
export function toSignInSubject(credentials: ClientCredentials): SignInSubject {
	const { issuer, clientId, scope } = credentials;
	const url = new URL(addressOf(issuer));
	const tenant = issuer.kind === 'entra' ? (url.pathname.split('/')[1] ?? '') : '';
	return { clientId, scope, tenant, authorityOrigin: url.origin };
}

/** Behind a managed identity is Entra, too. */
function addressOf(issuer: TokenIssuer): string {
	if (issuer.kind === 'managedIdentity') return 'https://login.microsoftonline.com';
	return issuer.kind === 'entra' ? issuer.authority : issuer.tokenUrl;
}

/**
 * Maps a token endpoint's refusal to an IngestError: Entra's numbered codes first, then the HTTP status, then the codes of RFC
 * 6749, 5.2. The message keeps the AADSTS code and the correlation ID, by which an administrator finds the sign-in.
 *
 * @param now milliseconds since 1970, for a Retry-After given as a date
 */
export function toTokenError(
	response: HttpResponse,
	credentials: ClientCredentials,
	now: number,
): IngestError {
	const body = readErrorBody(response.body, toCredentialsRedactor(credentials));
	const retryAfterMs = parseRetryAfter(response.headers['retry-after'], now);
	const fail = (code: IngestErrorCode, message: string, remedy: string) =>
		new IngestError(code, `${message}${toReference(body, response.status)}.`, {
			remedy,
			retryAfterMs,
		});
	const subject = toSignInSubject(credentials);
	const known = ENTRA_REFUSALS.find(({ numbers }) => numbers.includes(body?.number ?? 0));
	if (known !== undefined) return fail(known.code, known.message(subject), known.remedy(subject));
	const isLocal = credentials.issuer.kind === 'managedIdentity';
	const host = isLocal ? 'The managed identity endpoint' : new URL(subject.authorityOrigin).host;
	if (response.status === 429) {
		return fail(
			'throttled',
			`${host} has been asked for tokens too often`,
			'It is tried again later.',
		);
	}
	if (response.status >= 500 || body?.error === 'temporarily_unavailable') {
		return fail(
			'token-endpoint-failed',
			`${host} cannot answer at the moment`,
			'It is tried again.',
		);
	}
	if (body === undefined) {
		return fail(
			'sign-in-refused',
			`${host} did not answer like a token endpoint`,
			'Check the Token URL; redirects are not followed.',
		);
	}
	const refusal = toOAuthRefusal(body, credentials);
	// A text that repeats a secret is best not shown at all.
	const text = body.description.includes('***') ? '' : firstLine(body.description);
	const message = `${host} refused the sign-in: ${refusal.words}${text === '' ? '' : ` ("${text}")`}`;
	return fail(refusal.code, message, refusal.remedy(subject));
}

/** What an application proves itself with, in words. */
const PROOFS: Readonly<Record<ClientProof['kind'], string>> = {
	secret: 'secret',
	certificate: 'certificate',
	tokenFile: 'token of the platform',
	host: 'identity of the machine',
	serviceAccount: 'key',
};

interface OAuthRefusal {
	readonly code: IngestErrorCode;
	readonly words: string;
	readonly remedy: (subject: SignInSubject) => string;
}

/** Error codes of RFC 6749, 5.2, RFC 8707, 2 (`invalid_target`) and Entra's `invalid_resource`. */
function toOAuthRefusal(body: ErrorBody, credentials: ClientCredentials): OAuthRefusal {
	const usesSecret = credentials.proof.kind === 'secret';
	const proof = PROOFS[credentials.proof.kind];
	const scopeRefused: OAuthRefusal = {
		code: 'scope-refused',
		words: `the scope "${credentials.scope}" is refused`,
		remedy: () => 'Correct the Scope.',
	};
	const refusals: Readonly<Record<string, OAuthRefusal>> = {
		invalid_client: {
			code: usesSecret ? 'client-secret-wrong' : 'certificate-rejected',
			words: `client ID or ${proof} is wrong`,
			remedy: () =>
				usesSecret
					? 'Check client ID and client secret, and whether the endpoint wants them in the body or in the Basic header (Client Authentication).'
					: `Check the client ID, and that the ${proof} is registered for it.`,
		},
		unauthorized_client: {
			code: 'sign-in-refused',
			words: 'the client may not use the client credentials grant',
			remedy: () => 'Have the client allowed to use this grant.',
		},
		invalid_scope: scopeRefused,
		invalid_target: scopeRefused,
		invalid_resource: scopeRefused,
		interaction_required: {
			code: 'consent-missing',
			words: 'a person has to act first',
			remedy: (subject) =>
				subject.tenant === ''
					? 'Have an administrator consent to the client.'
					: `Have an administrator consent: ${adminConsentUrl(subject)}`,
		},
	};
	return (
		(Object.hasOwn(refusals, body.error) ? refusals[body.error] : undefined) ?? {
			code: 'sign-in-refused',
			words: /^[a-z_]{1,60}$/.test(body.error) ? body.error : 'without a known reason',
			remedy: (subject) =>
				subject.tenant === '' ? 'Ask who runs the token endpoint.' : UNKNOWN_REFUSAL_REMEDY,
		}
	);
}

/** The fields without what the endpoint was sent: it may repeat that in any of them. */
function readErrorBody(text: string, redact: Redact): ErrorBody | undefined {
	const value = parseJsonObject(text);
	if (value === undefined || typeof value['error'] !== 'string') return undefined;
	const toWords = (field: unknown) =>
		typeof field === 'string' ? redact(field.slice(0, MAX_FIELD_LENGTH)) : '';
	const words = toWords(value['error_description']);
	const codes = value['error_codes'];
	const first: unknown = Array.isArray(codes) ? codes[0] : undefined;
	const number = Number(first ?? /AADSTS(\d{3,9})/.exec(words)?.[1]);
	const correlationId = toWords(value['correlation_id']);
	return {
		error: toWords(value['error']),
		description: words,
		...(Number.isSafeInteger(number) && { number }),
		...(/^[\w-]{8,64}$/.test(correlationId) && { correlationId }),
	};
}

function toReference(body: ErrorBody | undefined, status: number): string {
	const parts = [
		body?.number === undefined ? `HTTP ${String(status)}` : `AADSTS${String(body.number)}`,
		...(body?.correlationId === undefined ? [] : [`correlation ID ${body.correlationId}`]),
	];
	return ` (${parts.join(', ')})`;
}

function firstLine(text: string): string {
	const [line = ''] = text.split(/[\r\n]/);
	const printable = line.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '').trim();
	return printable.length > 200 ? `${printable.slice(0, 200)}...` : printable;
}
