import { createHash, verify, X509Certificate } from 'node:crypto';

/** What the stand-in answers: a response, or none. */
export type EntraAnswer =
	{ status: number; body: unknown; headers?: Record<string, string> } | 'reset' | 'silence';

export interface Registration {
	clientId: string;
	tokenUrl: string;
	secret?: string;
	certificate?: string;
	/** The federated credential of the application. */
	federated?: Federated;
}

/** Whose tokens a federated credential trusts. */
export interface Federated {
	readonly issuer: string;
	readonly subject: string;
	readonly audience: string;
}

const CORRELATION_ID = '0a1b2c3d-0000-4000-8000-00000000c0de';

/** An error as Entra words it (Microsoft Learn "Microsoft Entra authentication and authorization error codes"). */
export function refuse(
	number: number,
	error: string,
	status: number,
	words = 'Refused',
): EntraAnswer {
	return {
		status,
		body: {
			error,
			error_description: `AADSTS${String(number)}: ${words}. Trace ID: 0000aaaa-11bb-cccc-dd33-eeeeee333333 Correlation ID: ${CORRELATION_ID} Timestamp: 2026-11-23 02:02:12Z`,
			error_codes: [number],
			timestamp: '2026-11-23 02:02:12Z',
			trace_id: '0000aaaa-11bb-cccc-dd33-eeeeee333333',
			correlation_id: CORRELATION_ID,
		},
	};
}

/** An answer with an AADSTS number, as a test plans it. */
export function aadsts(number: number, error = 'invalid_request', status = 400): EntraAnswer {
	return refuse(number, error, status);
}

/** Checks a token request as Entra does; undefined when a token is due. */
export function checkClient(
	{ form, authorization }: { form: URLSearchParams; authorization: string | undefined },
	registration: Registration,
): EntraAnswer | undefined {
	if (form.get('grant_type') !== 'client_credentials') {
		return refuse(70003, 'unsupported_grant_type', 400);
	}
	const basic = readBasic(authorization);
	if ((basic?.id ?? form.get('client_id')) !== registration.clientId) {
		return refuse(700016, 'unauthorized_client', 400);
	}
	if (
		form
			.get('scope')
			?.split(' ')
			.some((scope) => scope.endsWith('/.default')) !== true
	) {
		return refuse(1002012, 'invalid_scope', 400);
	}
	return checkProof(form, basic?.secret, registration);
}

function checkProof(
	form: URLSearchParams,
	basicSecret: string | undefined,
	registration: Registration,
): EntraAnswer | undefined {
	const assertion = form.get('client_assertion');
	if (assertion !== null && registration.federated !== undefined) {
		return checkFederated(assertion, registration.federated);
	}
	if (assertion !== null) {
		return isGoodAssertion(assertion, registration)
			? undefined
			: refuse(700027, 'invalid_client', 401);
	}
	const secret = basicSecret ?? form.get('client_secret');
	if (secret === null) return refuse(7000216, 'invalid_client', 401);
	const right = registration.secret !== undefined && secret === registration.secret;
	return right ? undefined : refuse(7000215, 'invalid_client', 401);
}

/** Entra names what does not match: issuer, audience or subject. */
function checkFederated(assertion: string, trusted: Federated): EntraAnswer | undefined {
	const { iss, aud, sub } = readAssertion(assertion).claims;
	const words = 'No matching federated identity record found for presented assertion';
	if (iss !== trusted.issuer) return refuse(700211, 'invalid_client', 401, `${words} issuer`);
	if (aud !== trusted.audience) return refuse(700212, 'invalid_client', 401, `${words} audience`);
	if (sub !== trusted.subject) return refuse(700213, 'invalid_client', 401, `${words} subject`);
	return undefined;
}

/** RFC 6749, 2.3.1: both halves are form-encoded inside the Basic header. */
function readBasic(header: string | undefined): { id: string; secret: string } | undefined {
	const encoded = /^Basic (.+)$/.exec(header ?? '')?.[1];
	if (encoded === undefined) return undefined;
	const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	const decode = (value: string) => new URLSearchParams(`v=${value}`).get('v') ?? '';
	return { id: decode(id), secret: decode(secret) };
}

interface Assertion {
	header: { alg?: string; 'x5t#S256'?: string };
	claims: { iss?: string; sub?: string; aud?: string; exp?: number; jti?: string };
	input: string;
	signature: Buffer;
}

function isGoodAssertion(
	token: string,
	{ certificate, clientId, tokenUrl }: Registration,
): boolean {
	if (certificate === undefined) return false;
	const { header, claims, input, signature } = readAssertion(token);
	const registered = new X509Certificate(certificate);
	const thumbprint = createHash('sha256').update(registered.raw).digest('base64url');
	return (
		verifySignature(header.alg, input, signature, registered) &&
		header['x5t#S256'] === thumbprint &&
		claims.iss === clientId &&
		claims.sub === clientId &&
		claims.aud === tokenUrl &&
		claims.jti !== undefined &&
		(claims.exp ?? 0) * 1000 > Date.now()
	);
}

function readAssertion(token: string): Assertion {
	const [header = '', claims = '', signature = ''] = token.split('.');
	const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
	return {
		header: decode(header),
		claims: decode(claims),
		input: `${header}.${claims}`,
		signature: Buffer.from(signature, 'base64url'),
	};
}

function verifySignature(
	alg: string | undefined,
	input: string,
	signature: Buffer,
	{ publicKey }: X509Certificate,
): boolean {
	const data = Buffer.from(input);
	switch (alg) {
		case 'RS256':
			return verify('sha256', data, publicKey, signature);
		case 'PS256':
			// RSA_PKCS1_PSS_PADDING, salt as long as the hash (RFC 7518, 3.5).
			return verify('sha256', data, { key: publicKey, padding: 6, saltLength: 32 }, signature);
		case 'ES256':
			return verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
		default:
			return false;
	}
}
