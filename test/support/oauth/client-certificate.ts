import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ClientCertificate {
	/** PEM. */
	certificate: string;
	/** PKCS#8, PEM. */
	privateKey: string;
	/** The same key in its older form: PKCS#1 or SEC 1, PEM. */
	traditionalKey: string;
	/** The same key under a passphrase, PKCS#8. */
	encryptedKey: string;
}

const KEY_OPTIONS = {
	rsa: ['-newkey', 'rsa:2048'],
	ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
};

/** Makes a self-signed certificate of an application with its key. Needs `openssl` on the PATH. */
export async function createClientCertificate(
	kind: keyof typeof KEY_OPTIONS = 'rsa',
): Promise<ClientCertificate> {
	const folder = await mkdtemp(path.join(tmpdir(), 'client-certificate-'));
	const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
	const read = (name: string) => readFile(path.join(folder, name), 'utf8');
	try {
		await openssl(
			...['req', '-x509', ...KEY_OPTIONS[kind], '-nodes', '-days', '7', '-subj', '/CN=Test client'],
			...['-keyout', 'key.pem', '-out', 'certificate.pem'],
		);
		await openssl('pkey', '-in', 'key.pem', '-traditional', '-out', 'traditional.pem');
		await openssl(
			...['pkcs8', '-topk8', '-in', 'key.pem', '-passout', 'pass:a passphrase'],
			...['-out', 'encrypted.pem'],
		);
		return {
			certificate: await read('certificate.pem'),
			privateKey: await read('key.pem'),
			traditionalKey: await read('traditional.pem'),
			encryptedKey: await read('encrypted.pem'),
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
