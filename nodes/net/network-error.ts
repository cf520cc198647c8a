import { IngestError } from '../core/errors';
import type { IngestErrorCode } from '../core/errors';
import { redactUnknown, toBareError } from '../core/redact';

/** Who was to be reached, in words of the screen that it is set on. */
export interface Peer {
	/** Stands before the host, e.g. `the token endpoint`; nothing where the host says enough. */
	readonly name: string;
	/** The field that holds the address, e.g. `URL of the credential`. */
	readonly address: string;
	/** What a person does to have an own certificate authority trusted. */
	readonly trust: string;
	/** Which port is the right one, where that has a usual answer. */
	readonly port?: string;
}

export const TOKEN_ENDPOINT: Peer = {
	name: 'the token endpoint',
	address: 'Token URL, or the Microsoft Cloud, of the account',
	trust: 'paste its certificate into CA Certificate of the account',
};

/** A row of a table: what a failure is called, in words of the screen. */
export interface Fault {
	readonly code: IngestErrorCode;
	readonly message: string;
	readonly remedy: string;
	/** Milliseconds to leave the server alone, where it does not say so itself. */
	readonly retryAfterMs?: number | undefined;
}

interface Row extends Fault {
	/** Codes of Node's dns, net, tls and http modules; OpenSSL's names without X509_V_ERR for certificates. */
	readonly codes: readonly string[];
	/** Codes of the same kind that no row names. */
	readonly others?: RegExp;
}

const OWN_CA = 'If an authority of your own has issued it, {trust}.';

/**
 * What can go wrong on the way to any server; `{server}`, `{address}`, `{trust}` and `{port}` are filled in. The first
 * row that names a code counts, then the first whose pattern fits it.
 */
const ROWS: readonly Row[] = [
	{
		codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'],
		others: /^(?:EAI_|ENODATA$|ESERVFAIL$|EREFUSED$)/u,
		code: 'host-not-found',
		message: 'The host name of {server} could not be resolved',
		remedy: 'Check the host in {address}, and the name servers (DNS) of the machine n8n runs on.',
	},
	{
		codes: ['ECONNREFUSED'],
		code: 'connection-refused',
		message: 'Nothing answers at {server}',
		remedy: 'Check host and port in {address}{port}.',
	},
	{
		codes: [
			'EHOSTUNREACH',
			'ENETUNREACH',
			'EHOSTDOWN',
			'ENETDOWN',
			'EACCES',
			'EPERM',
			'EADDRNOTAVAIL',
		],
		code: 'connection-refused',
		message: 'There is no way from this machine to {server}',
		remedy: 'Check the network, the firewall and the VPN of the machine n8n runs on.',
	},
	{
		codes: [
			'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
			'ERR_SSL_UNSUPPORTED_PROTOCOL',
			'ERR_SSL_NO_PROTOCOLS_AVAILABLE',
			'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
			'ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY',
			'ERR_SSL_DH_KEY_TOO_SMALL',
		],
		code: 'connection-refused',
		message: '{server} offers no TLS 1.2 or newer',
		remedy:
			'Have TLS 1.2 with current ciphers enabled there; older versions are not secure and not supported.',
	},
	{
		codes: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'],
		others: /^ERR_SSL_/u,
		code: 'connection-refused',
		message: '{server} does not speak TLS on that port',
		remedy: 'Check host and port in {address}{port}; something else may be listening there.',
	},
	{
		codes: ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} is self-signed',
		remedy: OWN_CA,
	},
	{
		codes: ['CERT_HAS_EXPIRED'],
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} has expired',
		remedy: 'Have the certificate renewed, and check the clock of the machine n8n runs on.',
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
		remedy: 'Have the certificate replaced by whoever runs the server.',
	},
	{
		codes: ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} is made out to another host name',
		remedy: 'Use a host name in {address} that the certificate is made out to.',
	},
	{
		codes: [
			'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
			'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
			'CERT_UNTRUSTED',
		],
		others:
			/^(?:CERT_|CRL_|UNABLE_TO_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|(?:EE|CA)_)/u,
		code: 'certificate-not-trusted',
		message: 'The certificate of {server} comes from an authority that is not trusted',
		remedy: `${OWN_CA} If it is a public authority, the server has to send its intermediate certificates too.`,
	},
	{
		codes: ['ETIMEDOUT', 'ETIMEOUT', 'ESOCKETTIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT'],
		code: 'time-out',
		message: '{server} did not answer in time',
		remedy: 'Check the network and the firewall between n8n and the server.',
	},
	{
		codes: [
			'ECONNRESET',
			'ECONNABORTED',
			'EPIPE',
			'ERR_STREAM_PREMATURE_CLOSE',
			'ERR_SOCKET_CLOSED',
		],
		code: 'connection-lost',
		message: '{server} ended the connection',
		remedy:
			'If it happens often, look at the log of the server, and at firewalls and proxies on the way.',
	},
	{
		codes: [],
		others: /^HPE_/u,
		code: 'connection-lost',
		message: '{server} does not answer as a web server does',
		remedy: 'Check host and port in {address}; something else may be listening there.',
	},
];

/** What a code of Node or OpenSSL means at a server, if it is one of the way there. */
export function findNetworkFault(code: string, peer: Peer, host: string): Fault | undefined {
	const row =
		ROWS.find(({ codes }) => codes.includes(code)) ??
		ROWS.find(({ others }) => others?.test(code) === true);
	if (row === undefined) return undefined;
	return {
		code: row.code,
		message: fill(row.message, peer, host),
		remedy: fill(row.remedy, peer, host),
	};
}

/**
 * Maps a failure of an HTTPS exchange to an IngestError that names the host and no more of the request.
 *
 * @param context `host` as in the URL; `timedOut` when the client's own limit ended the exchange
 */
export function toNetworkError(
	error: unknown,
	context: { readonly peer: Peer; readonly host: string; readonly timedOut: boolean },
): IngestError {
	if (error instanceof IngestError) return error;
	const { peer, host, timedOut } = context;
	const code = errorCode(error);
	const known = findNetworkFault(timedOut ? 'ETIMEDOUT' : code, peer, host);
	const { code: kind, message, remedy } = known ?? toUnknownFault(error, code, peer, host);
	return new IngestError(kind, `${message}.`, { remedy, cause: toBareError(error, redactUnknown) });
}

function toUnknownFault(error: unknown, code: string, peer: Peer, host: string): Fault {
	// A proxy's error may name the proxy with its password.
	const said = error instanceof Error ? redactUnknown(error.message) : '';
	const reason = [said, code].filter((text) => text !== '').join(', ') || 'unknown reason';
	return {
		code: 'connection-lost',
		message: `${fill('{server}', peer, host)} could not be asked: ${reason}`,
		remedy: 'If it lasts, check network, firewall and proxy of the n8n host.',
	};
}

function fill(template: string, { name, address, trust, port }: Peer, host: string): string {
	const server = name === '' ? host : `${name} ${host}`;
	const text = template
		.replace('{address}', () => address)
		.replace('{trust}', () => trust)
		.replace('{port}', () => (port === undefined ? '' : `; ${port}`))
		.replace('{server}', () => server);
	return text.replace(/^the /u, 'The ');
}

function errorCode(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string'
		? error.code
		: '';
}
