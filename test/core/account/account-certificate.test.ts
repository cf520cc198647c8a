import { X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

import type { CredentialFields } from '../../../nodes/core/account/account-fields';
import { parseAccount } from '../../../nodes/core/account/parse-account';
import { readPemBlocks } from '../../../nodes/core/account/pem';
import { ConfigurationError } from '../../../nodes/core/errors';
import { createClientCertificate } from '../../support/oauth/client-certificate';
import type { ClientCertificate } from '../../support/oauth/client-certificate';

let rsa: ClientCertificate;
let other: ClientCertificate;
let ec: ClientCertificate;
beforeAll(async () => {
	[rsa, other, ec] = await Promise.all([
		createClientCertificate(),
		createClientCertificate(),
		createClientCertificate('ec'),
	]);
});

const fieldsOf = (change: CredentialFields): CredentialFields => ({
	url: 'imaps://mail.example.com',
	username: 'alerts@example.com',
	authentication: 'clientCertificate',
	tenantId: '8f0c2a52-5c0c-4a4c-9a5e-3c6a3a1f5b11',
	clientId: '5d0a3b1e-7c1f-4a55-8d6e-0f6f1b2c3d4e',
	certificate: rsa.certificate,
	privateKey: rsa.privateKey,
	...change,
});
const proofOf = (change: CredentialFields) => {
	const { login } = parseAccount(fieldsOf(change));
	if (login.kind !== 'clientCredentials' || login.credentials.proof.kind !== 'certificate') {
		throw new Error('no certificate login');
	}
	return login.credentials.proof;
};
const faultsOf = (change: CredentialFields) => {
	try {
		parseAccount(fieldsOf(change));
	} catch (error) {
		if (error instanceof ConfigurationError) return error.faults;
		throw error;
	}
	throw new Error('nothing was refused');
};
const flatten = (pem: string) => pem.trim().replaceAll('\n', ' ');

describe('client certificate', () => {
	it.each<[string, (pem: string) => string]>([
		['as the file has it', (pem) => pem],
		['with Windows line ends', (pem) => pem.replaceAll('\n', '\r\n')],
		['with blanks for line ends', flatten],
		['without line ends at all', (pem) => pem.replaceAll('\n', '')],
		['with \\n written out', (pem) => pem.replaceAll('\n', '\\n')],
		['with \\r\\n written out', (pem) => pem.replaceAll('\n', '\\r\\n')],
		[
			'indented, with words around it',
			(pem) => `Bag Attributes\n  ${pem.replaceAll('\n', '\n  ')}\nend`,
		],
	])('is read %s', (_case, change) => {
		const proof = proofOf({
			certificate: change(rsa.certificate),
			privateKey: change(rsa.privateKey),
		});
		expect(proof).toEqual({
			kind: 'certificate',
			certificate: new X509Certificate(rsa.certificate).toString(),
			privateKey: rsa.privateKey,
		});
	});

	it('takes an older PKCS#1 key and gives PKCS#8', () => {
		expect(rsa.traditionalKey).toContain('BEGIN RSA PRIVATE KEY');
		expect(proofOf({ privateKey: rsa.traditionalKey }).privateKey).toBe(rsa.privateKey);
	});

	it('puts the certificate of the key first in a chain', () => {
		const { certificate } = proofOf({ certificate: other.certificate + rsa.certificate });
		expect(readPemBlocks(certificate).map((block) => block.pem)).toEqual(
			readPemBlocks(rsa.certificate + other.certificate).map((block) => block.pem),
		);
	});

	it('takes one combined file in either field', () => {
		const combined = rsa.privateKey + rsa.certificate;
		expect(proofOf({ certificate: combined, privateKey: '' })).toEqual(proofOf({}));
		expect(proofOf({ certificate: '', privateKey: combined })).toEqual(proofOf({}));
	});

	it('takes an elliptic curve key for a token endpoint outside Entra', () => {
		const tokenUrl = 'https://login.example.com/token';
		const { privateKey } = proofOf({
			certificate: ec.certificate,
			privateKey: ec.traditionalKey,
			tokenUrl,
		});
		expect(privateKey).toBe(ec.privateKey);
	});

	it.each<[string, () => CredentialFields, string, string]>([
		[
			'an empty certificate',
			() => ({ certificate: '' }),
			'Certificate',
			'holds no PEM certificate',
		],
		[
			'a key as certificate',
			() => ({ certificate: rsa.privateKey }),
			'Certificate',
			'holds no PEM',
		],
		[
			'a cut certificate',
			() => ({ certificate: rsa.certificate.replace(/\n.{64}\n/, '\n') }),
			'Certificate',
			'cannot be read',
		],
		['an empty key', () => ({ privateKey: '' }), 'Private Key', 'holds no PEM private key'],
		[
			'a damaged key',
			() => ({ privateKey: rsa.privateKey.replace(/\n.{64}\n/, '\n') }),
			'Private Key',
			'cannot be read',
		],
		['an encrypted key', () => ({ privateKey: rsa.encryptedKey }), 'Private Key', 'passphrase'],
		[
			'an encrypted key of the older form',
			() => ({
				privateKey: rsa.traditionalKey.replace(
					'KEY-----\n',
					'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n',
				),
			}),
			'Private Key',
			'passphrase',
		],
		[
			'the key of another certificate',
			() => ({ privateKey: other.privateKey }),
			'Private Key',
			'does not belong',
		],
		[
			'an elliptic curve key for Entra',
			() => ({ certificate: ec.certificate, privateKey: ec.privateKey }),
			'Private Key',
			'is no RSA key',
		],
	])('refuses %s', (_case, change, field, problem) => {
		const faults = faultsOf(change());
		expect(faults.map((fault) => fault.field)).toEqual([field]);
		expect(faults[0]?.message).toContain(problem);
		expect(faults[0]?.remedy).toMatch(/\S/);
	});

	it('never repeats key material', () => {
		const line = rsa.privateKey.split('\n')[2] ?? 'missing';
		const faults = faultsOf({ privateKey: rsa.privateKey.replace('MII', '!!!') });
		expect(faults).toHaveLength(1);
		expect(inspect(faults, { depth: 10 })).not.toContain(line);
	});
});

describe('CA certificate', () => {
	it('is kept as strict PEM, several of them too', () => {
		const text = `${flatten(rsa.certificate)} ${flatten(other.certificate)}`;
		expect(parseAccount(fieldsOf({ caCertificate: text }))).toMatchObject({
			caCertificate: [rsa, other]
				.map(({ certificate }) => new X509Certificate(certificate).toString())
				.join(''),
		});
	});

	it('is refused when one of several cannot be read', () => {
		const cut = rsa.certificate.replace(/\n.{64}\n/, '\n');
		expect(faultsOf({ caCertificate: other.certificate + cut })).toMatchObject([
			{ field: 'CA Certificate' },
		]);
	});
});
