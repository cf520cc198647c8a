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
	{ code }: DriverError,
	{ host, port }: MailErrorContext,
): Fault | undefined {
	const server = `${host}:${String(port)}`;
	if (!TOO_MUCH.has(code)) return findNetworkFault(NODE_CODES[code] ?? code, MAIL_SERVER, server);
	return {
		code: 'message-unreadable',
		message: `The answer of ${server} is larger or deeper than is accepted`,
		remedy:
			'Look in the mailbox for a message with an extreme structure or header, and move it away.',
	};
}
