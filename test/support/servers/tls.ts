import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A throw-away authority and one server certificate it signed, all as PEM. */
export interface TestCa {
	/** Certificate of the authority: what a client has to trust. */
	ca: string;
	/** Certificate of the server. */
	cert: string;
	/** Private key (PKCS#8) of the server. */
	key: string;
}

export interface TestCaOptions {
	/** DNS names and IP addresses that the server certificate is good for. */
	hosts?: string[];
	/** Validity of both certificates; the smallest is one day. */
	days?: number;
	/** The server certificate signs itself, and is no authority. */
	selfSigned?: boolean;
}

const DEFAULT_HOSTS = ['localhost', '127.0.0.1'];
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const toSubjectAltName = (hosts: string[]) =>
	hosts.map((host) => `${isIP(host) === 0 ? 'DNS' : 'IP'}:${host}`).join(',');

// A configuration of our own: the machine's openssl.cnf may add extensions to a self-signed request.
const AUTHORITY_CONFIG = `[req]
distinguished_name = subject
x509_extensions = authority
prompt = no
[subject]
CN = Test authority
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

const toServerConfig = (hosts: string[]) => `[req]
distinguished_name = subject
prompt = no
[subject]
CN = Test server
[server]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = ${toSubjectAltName(hosts)}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

/**
 * Makes a certificate authority and a server certificate for this machine's loopback names.
 * Two calls give two authorities that do not trust each other. Needs `openssl` on the PATH.
 */
export async function createTestCa(options: TestCaOptions = {}): Promise<TestCa> {
	const { hosts = DEFAULT_HOSTS, days = 7, selfSigned = false } = options;
	const folder = await mkdtemp(path.join(tmpdir(), 'test-ca-'));
	const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
	const read = (name: string) => readFile(path.join(folder, name), 'utf8');
	try {
		await writeFile(path.join(folder, 'ca.cnf'), AUTHORITY_CONFIG);
		await writeFile(path.join(folder, 'server.cnf'), toServerConfig(hosts));
		if (selfSigned) {
			await openssl(
				...['req', '-x509', '-config', 'server.cnf', '-extensions', 'server', ...NEW_KEY],
				...['-days', String(days), '-keyout', 'server.key', '-out', 'server.pem'],
			);
			const cert = await read('server.pem');
			return { ca: cert, cert, key: await read('server.key') };
		}
		await openssl(
			...['req', '-x509', '-config', 'ca.cnf', ...NEW_KEY, '-days', String(days)],
			...['-keyout', 'ca.key', '-out', 'ca.pem'],
		);
		await openssl(
			...['req', '-new', '-config', 'server.cnf', ...NEW_KEY],
			...['-keyout', 'server.key', '-out', 'server.csr'],
		);
		await openssl(
			...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key'],
			...['-CAcreateserial', '-days', String(days), '-extfile', 'server.cnf'],
			...['-extensions', 'server', '-out', 'server.pem'],
		);
		return {
			ca: await read('ca.pem'),
			cert: await read('server.pem'),
			key: await read('server.key'),
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
