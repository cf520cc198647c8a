import { findNetworkFault } from '../../net/network-error';
import type { Fault, Peer } from '../../net/network-error';
import type { DriverError, MailErrorContext } from './driver-error';

const MAIL_SERVER: Peer = {
	name: '',
	address: 'the URL of the credential',
	trust: 'paste that authority as PEM into "CA Certificate" of the credential',
	port: 'IMAP over TLS is usually at port 993, port 143 starts unencrypted and is not supported',
};

/** What the driver calls failures that Node knows, too. */
const NODE_CODES: Readonly<Record<string, string>> = {
	CONNECT_TIMEOUT: 'ETIMEDOUT',
	GREETING_TIMEOUT: 'ETIMEDOUT',
	UPGRADE_TIMEOUT: 'ETIMEDOUT',
	LockTimeout: 'ETIMEDOUT',
	NoConnection: 'ECONNRESET',
	EConnectionClosed: 'ECONNRESET',
	StateLogout: 'ECONNRESET',
	ClosedAfterConnectText: 'ECONNRESET',
	ClosedAfterConnectTLS: 'ECONNRESET',
};

const PROXY_CODES: ReadonlySet<string> = new Set([
	'EPROXY',
	'ProxyError',
	'UnsupportedProxyAddress',
]);
const SOCKS_REFUSAL = /\bsocks[45]?\b/iu;

const TOO_MUCH: ReadonlySet<string> = new Set([
	'LineTooLarge',
	'LiteralTooLarge',
	'ResponseTooLarge',
	'TooManyTokens',
	'TooManyResponses',
	'MAX_IMAP_NESTING_REACHED',
]);

/** What a failure on the way to the server, or of reading its answer, means, if it is one. */
export function findConnectionFault(
	{ code, message, serverText }: DriverError,
	{ host, port }: MailErrorContext,
): Fault | undefined {
	const server = `${host}:${String(port)}`;
	if (PROXY_CODES.has(code) || (serverText === undefined && SOCKS_REFUSAL.test(message))) {
		return {
			code: 'connection-refused',
			message: `The proxy on the way to ${server} does not lead there`,
			remedy:
				'Check Proxy in the credential, or HTTPS_PROXY, ALL_PROXY and NO_PROXY of the machine n8n runs on; the proxy has to allow this host and port.',
		};
	}
	if (!TOO_MUCH.has(code)) return findNetworkFault(NODE_CODES[code] ?? code, MAIL_SERVER, server);
	return {
		code: 'message-unreadable',
		message: `The answer of ${server} is larger or deeper than is accepted`,
		remedy:
			'Look in the mailbox for a message with an extreme structure or header, and move it away.',
	};
}
