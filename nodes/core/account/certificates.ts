import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { wrongSetting } from '../errors';
import type { ClientProof, Login } from './account';
import type { AccountFields, FieldName } from './account-fields';
import { readPemBlocks } from './pem';
import type { PemBlock } from './pem';

const EXPORT_PEM =
	'openssl pkcs12 -in client.pfx -out client.pem -nodes makes one from a .pfx or .p12 file';
const KEY_REMEDY = `Paste the private key with its BEGIN and END lines; ${EXPORT_PEM}.`;

/**
 * Reads the certificate and private key that prove an application's identity. A chain may follow the certificate; both fields may
 * hold the same combined PEM file. The result has the certificate of the key first and the key as PKCS#8.
 *
 * Expiry is not looked at here: it needs a clock, and nodes/auth reports it as a sign-in failure.
 */
export function readCertificateProof(fields: AccountFields): ClientProof | undefined {
	const blocks = [
		...readPemBlocks(fields.text('certificate')),
		...readPemBlocks(fields.text('privateKey')),
	];
	const certificates = readCertificates(fields, 'certificate', blocks);
	const key = readPrivateKey(fields, blocks);
	if (certificates === undefined || key === undefined) return undefined;
	const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
	if (own === undefined) {
		return fields.fault(
			'privateKey',
			'does not belong to the Certificate',
			'Paste the certificate and the key that were made together.',
		);
	}
	const chain = [own, ...certificates.filter((certificate) => certificate !== own)];
	return {
		kind: 'certificate',
		certificate: chain.map((certificate) => certificate.toString()).join(''),
		privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
	};
}

/** Reads the certificates of authorities that are trusted besides the public ones; none is right. */
export function readCaCertificate(fields: AccountFields): string | undefined {
	const text = fields.trimmed('caCertificate');
	if (text === '') return undefined;
	const certificates = readCertificates(fields, 'caCertificate', readPemBlocks(text));
	return certificates?.map((certificate) => certificate.toString()).join('');
}

function readCertificates(
	fields: AccountFields,
	name: FieldName,
	blocks: readonly PemBlock[],
): readonly X509Certificate[] | undefined {
	const parsed = parseCertificates(blocks);
	if (!('problem' in parsed)) return parsed;
	return fields.fault(name, parsed.problem, parsed.remedy);
}

/**
 * The certificates of authorities that a node trusts by an option of its own; undefined where it is empty.
 *
 * @throws IngestError `configuration`
 */
export function parseCaCertificate(text: string, field: string): string | undefined {
	if (text.trim() === '') return undefined;
	const parsed = parseCertificates(readPemBlocks(text));
	if (!('problem' in parsed)) return parsed.map((certificate) => certificate.toString()).join('');
	const { problem, remedy } = parsed;
	throw wrongSetting(field, problem, remedy);
}

function parseCertificates(
	blocks: readonly PemBlock[],
): readonly X509Certificate[] | { readonly problem: string; readonly remedy: string } {
	const found = blocks.filter((block) => block.label === 'CERTIFICATE');
	if (found.length === 0) {
		return {
			problem: 'holds no PEM certificate',
			remedy: `Paste it from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----; ${EXPORT_PEM}.`,
		};
	}
	try {
		return found.map((block) => new X509Certificate(block.pem));
	} catch {
		return {
			problem: 'holds a certificate that cannot be read',
			remedy: 'Paste the whole text again; it may have been cut.',
		};
	}
}

function readPrivateKey(fields: AccountFields, blocks: readonly PemBlock[]): KeyObject | undefined {
	const block = blocks.find((candidate) => candidate.label.endsWith('PRIVATE KEY'));
	if (block === undefined) {
		return fields.fault('privateKey', 'holds no PEM private key', KEY_REMEDY);
	}
	if (block.encrypted) {
		return fields.fault(
			'privateKey',
			'is protected by a passphrase, which cannot be entered here',
			'Paste the unencrypted key: openssl pkey -in key.pem -out plain.pem removes the passphrase. n8n stores it encrypted.',
		);
	}
	try {
		return createPrivateKey(block.pem);
	} catch {
		// What the parser says may quote the key, so it is left out.
		return fields.fault('privateKey', 'cannot be read', KEY_REMEDY);
	}
}

/** The ISO date on which the certificate of a login expires, if it has one. */
export function certificateExpiry(login: Login | undefined): string | undefined {
	const proof = login?.kind === 'clientCredentials' ? login.credentials.proof : undefined;
	if (proof?.kind !== 'certificate') return undefined;
	const { validTo } = new X509Certificate(proof.certificate);
	return new Date(validTo).toISOString().slice(0, 10);
}
