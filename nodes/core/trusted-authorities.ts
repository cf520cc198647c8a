import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import * as tls from 'node:tls';

/**
 * The certificate authorities of a connection that trusts one more: those this process trusts anyway, and `own`.
 *
 * The `ca` option of node:tls replaces Node's list and with it what NODE_EXTRA_CA_CERTS adds (Node.js documentation,
 * `tls.createSecureContext` and "Command-line API"), which an administrator meant for every connection.
 *
 * @param own one or more certificates, PEM
 */
export function trustedAuthorities(own: string): string[] {
	return [...authoritiesOfProcess(), own];
}

function authoritiesOfProcess(): readonly string[] {
	// Node 22.15 and later; there it also knows the list of the operating system where that is switched on.
	if ('getCACertificates' in tls && typeof tls.getCACertificates === 'function') {
		const known: unknown = tls.getCACertificates('default');
		if (Array.isArray(known)) return known.filter((pem) => typeof pem === 'string');
	}
	return [...tls.rootCertificates, ...readExtraAuthorities(env['NODE_EXTRA_CA_CERTS'])];
}

function readExtraAuthorities(file: string | undefined): readonly string[] {
	if (file === undefined || file === '') return [];
	try {
		return [readFileSync(file, 'utf8')];
	} catch {
		// Node has warned of a file it cannot read when it started, and goes on without it.
		return [];
	}
}
