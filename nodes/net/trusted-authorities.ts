import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import * as tls from 'node:tls';

export interface AuthoritySources {
	/** Gives the list in use, where Node can tell it (22.15 and later); PEM. */
	readonly list: (() => unknown) | undefined;
	/** Node's own authorities, PEM. */
	readonly built: readonly string[];
	/** Path of a file with further ones, PEM. */
	readonly extraFile: string | undefined;
}

/**
 * The certificate authorities of a connection that trusts one more: those this process trusts anyway, and `own`.
 *
 * The `ca` option of node:tls replaces Node's list and with it what NODE_EXTRA_CA_CERTS adds (Node.js documentation,
 * `tls.createSecureContext` and "Command-line API"), which an administrator meant for every connection.
 *
 * @param own one or more certificates, PEM
 */
export function trustedAuthorities(own: string, sources = sourcesOfProcess()): string[] {
	return [...knownAuthorities(sources), own];
}

function sourcesOfProcess(): AuthoritySources {
	const list = 'getCACertificates' in tls ? tls.getCACertificates : undefined;
	return {
		list: typeof list === 'function' ? () => list('default') : undefined,
		built: tls.rootCertificates,
		extraFile: env['NODE_EXTRA_CA_CERTS'],
	};
}

function knownAuthorities({ list, built, extraFile }: AuthoritySources): readonly string[] {
	const known = list?.();
	if (Array.isArray(known)) return known.filter((pem) => typeof pem === 'string');
	return [...built, ...readAuthorities(extraFile)];
}

function readAuthorities(file: string | undefined): readonly string[] {
	if (file === undefined || file === '') return [];
	try {
		return [readFileSync(file, 'utf8')];
	} catch {
		// Node has warned of a file it cannot read when it started, and goes on without it.
		return [];
	}
}
