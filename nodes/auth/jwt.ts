import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Signature algorithms of JWS (RFC 7518, 3.1; RFC 8037) by what node:crypto calls the key. */
const ALGORITHMS: Readonly<Record<string, { readonly alg: string; readonly hash: string | null }>> =
	{
		rsa: { alg: 'RS256', hash: 'sha256' },
		'ec prime256v1': { alg: 'ES256', hash: 'sha256' },
		'ec secp384r1': { alg: 'ES384', hash: 'sha384' },
		'ec secp521r1': { alg: 'ES512', hash: 'sha512' },
		ed25519: { alg: 'EdDSA', hash: null },
	};

/** A signed JWT (RFC 7519) in its compact form; undefined for a key that no JWS algorithm takes. */
export function signJwt(key: KeyObject, header: object, claims: object): string | undefined {
	const type = key.asymmetricKeyType ?? '';
	const curve = key.asymmetricKeyDetails?.namedCurve;
	const algorithm = ALGORITHMS[curve === undefined ? type : `${type} ${curve}`];
	if (algorithm === undefined) return undefined;
	const { alg, hash } = algorithm;
	const input = `${toBase64Url({ alg, typ: 'JWT', ...header })}.${toBase64Url(claims)}`;
	// JWS wants the plain pair of numbers for ECDSA, not their ASN.1 form (RFC 7518, 3.4).
	const signature = sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
	return `${input}.${signature.toString('base64url')}`;
}

function toBase64Url(value: unknown): string {
	return Buffer.from(JSON.stringify(value)).toString('base64url');
}
