import type { AccountFields } from './account-fields';

/** Where the IMAP server listens. */
export interface ServerAddress {
	/** Host name in lower case, or an IP address without brackets. */
	readonly host: string;
	readonly port: number;
}

/** Implicit TLS for IMAP (RFC 8314, 7.2). */
const DEFAULT_PORT = 993;
/** IMAP that begins unencrypted; never suggested. */
const PLAIN_PORT = 143;
const EXAMPLE = 'imaps://imap.example.com:993';

type Refuse = (problem: string, corrected: string) => undefined;

/**
 * Reads the URL of an account: `imaps://host` or `imaps://host:port`, an IPv6 address in brackets. Blanks around it and a
 * slash at its end are ignored; everything else that is not host and port is refused with the corrected value.
 */
export function readAccountUrl(fields: AccountFields): ServerAddress | undefined {
	const url = fields.trimmed('url');
	const refuse: Refuse = (problem, corrected) =>
		fields.fault('url', problem, `Enter ${corrected}.`);
	if (url === '') return refuse('is empty', `the IMAP server as ${EXAMPLE}`);
	// User-info may hold a password with any character in it: nothing of such a URL is repeated.
	if (url.includes('@')) return refuse(...describeUserInfo(url));
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url);
	if (scheme === null) {
		return refuse(
			`"${url}" does not start with imaps://`,
			suggest(url.replace(/^imaps?:\/*/i, '')),
		);
	}
	const rest = url.slice(scheme[0].length);
	if (scheme[1]?.toLowerCase() !== 'imaps') {
		const kind = scheme[1]?.toLowerCase() === 'imap' ? 'secure connections' : 'IMAP connections';
		const problem = `"${url}" uses ${scheme[0].toLowerCase()}, and only ${kind} (imaps://) are supported`;
		return refuse(problem, suggest(rest));
	}
	// Nobody sees what a slash or a colon without a port would add.
	return readAuthority(url, rest.replace(/:?\/?$/, ''), refuse);
}

function readAuthority(url: string, rest: string, refuse: Refuse): ServerAddress | undefined {
	const end = rest.search(/[/?#\\]/);
	if (end >= 0) return refuse(`"${url}" ${describeTail(rest.slice(end))}`, suggest(rest));
	const parts = /^(\[[^\]]*\]|[^:[\]]*)(?::([^:]*))?$/.exec(rest);
	if (parts === null) {
		return refuse(
			`"${url}" has a host with colons in it and no brackets around it`,
			rest.includes('[') ? EXAMPLE : `an IPv6 address in brackets: imaps://[${rest}]:993`,
		);
	}
	const [, name = '', portText] = parts;
	if (name === '') return refuse(`"${url}" has no host`, `the IMAP server as ${EXAMPLE}`);
	const host = toHost(name);
	if (host === undefined) {
		return refuse(`"${url}" has the host "${name}", which is no host name`, EXAMPLE);
	}
	const port = portText === undefined ? DEFAULT_PORT : toPort(portText);
	if (port !== undefined) return { host, port };
	return refuse(
		`"${url}" has the port "${portText ?? ''}", which is no number from 1 to 65535`,
		`imaps://${name}:${String(DEFAULT_PORT)}`,
	);
}

function describeUserInfo(url: string): [problem: string, corrected: string] {
	const problem =
		'contains an @: a user name or password does not belong into it (the value is not repeated here)';
	const afterScheme = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
	// With a slash before the @ it is unclear where the password ends, so no part is suggested.
	const authority = /^[^/?#\\]*@([a-z0-9.-]+(?::\d+)?)(?:[/?#]|$)/i.exec(afterScheme)?.[1];
	const server = authority === undefined ? EXAMPLE : suggest(authority);
	return [problem, `${server} here and the user name in its own field`];
}

function describeTail(tail: string): string {
	if (tail.startsWith('?')) return 'has a query ("?")';
	if (tail.startsWith('#')) return 'has a fragment ("#")';
	return 'has a path after the host';
}

/** The URL that was probably meant, made of the host and port at the start of `rest`. */
function suggest(rest: string): string {
	const [authority = ''] = rest.split(/[/?#\\]/);
	const [, name = '', portText] = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d+))?$/.exec(authority) ?? [];
	const host = name === '' ? undefined : toHost(name);
	if (host === undefined) return EXAMPLE;
	const port = toPort(portText ?? '') ?? DEFAULT_PORT;
	return `imaps://${name}:${String(port === PLAIN_PORT ? DEFAULT_PORT : port)}`;
}

function toPort(text: string): number | undefined {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	return port >= 1 && port <= 65535 ? port : undefined;
}

/** Host name as the WHATWG URL standard reads it (lower case, punycode), or undefined when it is none. */
export function toHost(name: string): string | undefined {
	if (/[%\s]/.test(name) || !URL.canParse(`https://${name}`)) return undefined;
	const host = new URL(`https://${name}`).hostname.replace(/^\[|\]$/g, '');
	// The standard takes any number for an IPv4 address: 993 would become 0.0.3.225.
	return /^\d+(?:\.\d+){3}$/.test(host) && host !== name ? undefined : host;
}
