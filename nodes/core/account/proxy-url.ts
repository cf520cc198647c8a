import type { AccountFields } from './account-fields';

/** Kinds of proxies that connections can be made through. */
const SCHEMES: ReadonlySet<string> = new Set([
	'http:',
	'https:',
	'socks5:',
	'socks:',
	'socks4:',
	'socks4a:',
]);
const EXAMPLE = 'http://proxy.example.com:3128 or socks5://proxy.example.com:1080';

/** Reads the proxy of an account: `http://host:port` (CONNECT) or `socks5://host:port`. It may hold a password, so it is never repeated. */
export function readProxyUrl(fields: AccountFields): string | undefined {
	const text = fields.trimmed('proxy');
	if (text === '') return undefined;
	const problem = proxyProblem(text);
	if (problem === undefined) return text;
	return fields.fault('proxy', problem, `Enter it like ${EXAMPLE}, or leave it empty.`);
}

/** What is wrong with the URL of a proxy, if anything. */
export function proxyProblem(text: string): string | undefined {
	if (!URL.canParse(text))
		return 'is no URL (the value is not repeated here, as it may hold a password)';
	const { protocol, hostname, pathname, search, hash } = new URL(text);
	if (!SCHEMES.has(protocol)) return `begins with ${protocol}, which is no kind of proxy`;
	if (hostname === '') return 'has no host';
	const isMore = !['', '/'].includes(pathname) || search !== '' || hash !== '';
	return isMore ? 'has more behind host and port' : undefined;
}
