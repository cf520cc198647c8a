import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { ClientProof } from '../core/account/account';
import { IngestError } from '../core/errors';

export type CertificateProof = Extract<ClientProof, { kind: 'certificate' }>;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Long enough for a clock that is a little wrong, short enough to be worthless to a thief. */
const LIFETIME_SECONDS = 300;

/** Signature algorithms of JWS (RFC 7518, 3.1; RFC 8037) by what node:crypto calls the key. */
const ALGORITHMS: Readonly<Record<string, { readonly alg: string; readonly hash: string | null }>> =
	{
		rsa: { alg: 'RS256', hash: 'sha256' },
		'ec prime256v1': { alg: 'ES256', hash: 'sha256' },
		'ec secp384r1': { alg: 'ES384', hash: 'sha384' },
		'ec secp521r1': { alg: 'ES512', hash: 'sha512' },
		ed25519: { alg: 'EdDSA', hash: null },
	};

/** The certificates of a proof, that of the key first. */
export function readChain(proof: CertificateProof): readonly X509Certificate[] {
	return (proof.certificate.match(CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem));
}

/**
 * Refuses a client certificate outside its validity, which a token endpoint would do in less clear words.
 *
 * @param now milliseconds since 1970, UTC
 * @throws IngestError `certificate-rejected`
 */
export function assertCertificateValid(proof: CertificateProof, now: number): void {
	const [certificate] = readChain(proof);
	if (certificate === undefined) return;
	const from = Date.parse(certificate.validFrom);
	const to = Date.parse(certificate.validTo);
	if (now >= from && now <= to) return;
	const problem = now > to ? `expired on ${toDay(to)}` : `is not valid before ${toDay(from)}`;
	throw new IngestError('certificate-rejected', `The client certificate ${problem}.`, {
		field: 'Certificate',
		remedy:
			now > to
				? 'Make a new certificate, upload it to the app registration (Certificates & secrets), and paste it with its key into the account.'
				: 'Set the clock of the n8n host right, or wait until the certificate is valid.',
	});
}

function toDay(time: number): string {
	return new Date(time).toISOString().slice(0, 10);
}

/**
 * Makes a signed statement of who the client is: private_key_jwt (RFC 7523, 3; OpenID Connect Core, 9).
 *
 * @param options `audience` is the token endpoint; `now` in milliseconds since 1970; `id` is unique for each assertion
 * @throws IngestError `configuration` for a key that no JWS algorithm takes
 */
export function createClientAssertion(
	proof: CertificateProof,
	options: {
		readonly clientId: string;
		readonly audience: string;
		readonly now: number;
		readonly id: string;
	},
): string {
	const key = createPrivateKey(proof.privateKey);
	const { alg, hash } = algorithmOf(key);
	const chain = readChain(proof).map((certificate) => certificate.raw);
	const issuedAt = Math.floor(options.now / 1000);
	const header = {
		alg,
		typ: 'JWT',
		'x5t#S256': createHash('sha256')
			.update(chain[0] ?? '')
			.digest('base64url'),
		x5c: chain.map((der) => der.toString('base64')),
	};
	const claims = {
		iss: options.clientId,
		sub: options.clientId,
		aud: options.audience,
		jti: options.id,
		iat: issuedAt,
		exp: issuedAt + LIFETIME_SECONDS,
	};
	const input = `${toBase64Url(header)}.${toBase64Url(claims)}`;
	// JWS wants the plain pair of numbers for ECDSA, not their ASN.1 form (RFC 7518, 3.4).
	const signature = sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
	return `${input}.${signature.toString('base64url')}`;
}

function algorithmOf(key: KeyObject): { readonly alg: string; readonly hash: string | null } {
	const type = key.asymmetricKeyType ?? '';
	const curve = key.asymmetricKeyDetails?.namedCurve;
	const algorithm = ALGORITHMS[curve === undefined ? type : `${type} ${curve}`];
	if (algorithm !== undefined) return algorithm;
	throw new IngestError(
		'configuration',
		`The private key is of the kind "${type}", which cannot sign.`,
		{
			field: 'Private Key',
			remedy: 'Use an RSA key, an elliptic curve key (P-256, P-384, P-521) or an Ed25519 key.',
		},
	);
}

function toBase64Url(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString('base64url');
}
