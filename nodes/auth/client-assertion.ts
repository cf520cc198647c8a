import { createPrivateKey, hash, X509Certificate } from 'node:crypto';

import type { ClientProof } from '../core/account/account';
import { IngestError } from '../core/errors';
import { signJwt } from './jwt';

export type CertificateProof = Extract<ClientProof, { kind: 'certificate' }>;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Long enough for a clock that is a little wrong, short enough to be worthless to a thief. */
const LIFETIME_SECONDS = 300;

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
	const chain = readChain(proof).map((certificate) => certificate.raw);
	const issuedAt = Math.floor(options.now / 1000);
	const header = {
		'x5t#S256': hash('sha256', chain[0] ?? '', 'base64url'),
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
	const jwt = signJwt(key, header, claims);
	if (jwt !== undefined) return jwt;
	throw new IngestError(
		'configuration',
		`The private key is of the kind "${key.asymmetricKeyType ?? ''}", which cannot sign.`,
		{
			field: 'Private Key',
			remedy: 'Use an RSA key, an elliptic curve key (P-256, P-384, P-521) or an Ed25519 key.',
		},
	);
}
