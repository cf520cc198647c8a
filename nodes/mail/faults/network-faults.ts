import type { DriverError } from './driver-error';
import type { Fault, MailErrorContext } from './errors';

type Row = Fault & { readonly codes: readonly string[] };

const OWN_CA =
	'If the server has a certificate of your own authority, paste that authority as PEM into "CA Certificate" of the credential.';

/** Codes of DNS, TCP, TLS (node:tls, OpenSSL) and of the driver's waits; `{server}` is host and port. */
const ROWS: readonly Row[] = [
	{
		codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'],
		code: 'host-not-found',
		message: 'The host name of {server} could not be resolved',
		remedy:
			'Check the host in the URL of the credential, and the name servers of the machine n8n runs on.',
	},
	{
		codes: ['ECONNREFUSED'],
		code: 'connection-refused',
		message: 'Nothing answers at {server}',
		remedy:
			'Check host and port in the URL of the credential; IMAP over TLS is usually at port 993.',
	},
	{
		codes: ['EHOSTUNREACH', 'ENETUNREACH', 'EACCES', 'EPERM'],
		code: 'connection-refused',
		message: 'There is no way from this machine to {server}',
		remedy: 'Check the network, the firewall and the VPN of the machine n8n runs on.',
	},
	{
		codes: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'],
		code: 'connection-refused',
		message: '{server} does not speak TLS as IMAPS does',
		remedy:
			'Use the port for IMAP over TLS, usually 993; port 143 starts unencrypted and is not supported.',
	},
	{
		codes: [
			'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
			'ERR_SSL_UNSUPPORTED_PROTOCOL',
			'ERR_SSL_NO_PROTOCOLS_AVAILABLE',
		],
		code: 'connection-refused',
		message: '{server} offers no TLS 1.2 or newer',
		remedy:
			'Have TLS 1.2 enabled on the mail server; older versions are not secure and not supported.',
	},
	{
		codes: ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} is self-signed',
		remedy: OWN_CA,
	},
	{
		codes: [
			'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
			'UNABLE_TO_GET_ISSUER_CERT',
			'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
			'CERT_UNTRUSTED',
			'CERT_SIGNATURE_FAILURE',
		],
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} comes from an authority that is not trusted',
		remedy: `${OWN_CA} If it is a public authority, the server has to send its intermediate certificates too.`,
	},
	{
		codes: ['CERT_HAS_EXPIRED'],
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} has expired',
		remedy:
			'Have the certificate of the mail server renewed, and check the clock of the machine n8n runs on.',
	},
	{
		codes: ['CERT_NOT_YET_VALID'],
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} is not valid yet',
		remedy: 'Check the clock of the machine n8n runs on.',
	},
	{
		codes: ['CERT_REVOKED'],
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} has been revoked',
		remedy: 'Have the certificate of the mail server replaced.',
	},
	{
		codes: ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} is made out to another name',
		remedy: 'Use a host name in the URL of the credential that the certificate is made out to.',
	},
	{
		codes: [
			'CONNECT_TIMEOUT',
			'GREETING_TIMEOUT',
			'UPGRADE_TIMEOUT',
			'ETIMEOUT',
			'ETIMEDOUT',
			'LockTimeout',
		],
		code: 'time-out',
		message: '{server} did not answer in time',
		remedy: 'Check the network and the firewall between n8n and the mail server.',
	},
	{
		codes: [
			'ECONNRESET',
			'ECONNABORTED',
			'EPIPE',
			'NoConnection',
			'EConnectionClosed',
			'StateLogout',
			'ClosedAfterConnectText',
			'ClosedAfterConnectTLS',
		],
		code: 'connection-lost',
		message: '{server} ended the connection',
		remedy: 'This is tried again; if it happens often, look at the log of the mail server.',
	},
	{
		codes: [
			'LineTooLarge',
			'LiteralTooLarge',
			'ResponseTooLarge',
			'TooManyTokens',
			'TooManyResponses',
			'MAX_IMAP_NESTING_REACHED',
		],
		code: 'message-unreadable',
		message: 'The answer of {server} is larger or deeper than is accepted',
		remedy:
			'Look in the mailbox for a message with an extreme structure or header, and move it away.',
	},
];

/** The row of a failure on the way to the server, if it is one. */
export function findNetworkFault(
	driver: DriverError,
	context: MailErrorContext,
): Fault | undefined {
	const row = ROWS.find(({ codes }) => codes.includes(driver.code));
	if (row === undefined) return undefined;
	const server = `${context.host}:${String(context.port)}`;
	return {
		code: row.code,
		message: row.message.replace('{server}', () => server),
		remedy: row.remedy,
	};
}
