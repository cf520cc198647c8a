import { IngestError } from '../core/errors';
import type { IngestErrorCode } from '../core/errors';

/** Who was asked, in words of the screen. */
export interface Peer {
	/** E.g. `The token endpoint`. */
	readonly name: string;
	/** Field that holds the address. */
	readonly setting: string;
	/** What a person does to have an own certificate authority trusted. */
	readonly trust: string;
}

interface NetworkFault {
	readonly code: IngestErrorCode;
	/** Follows the peer's name and host. */
	readonly problem: string;
	/** `{setting}` and `{trust}` are filled in. */
	readonly remedy: string;
}

export const TOKEN_ENDPOINT: Peer = {
	name: 'The token endpoint',
	setting: 'Token URL or the Microsoft Cloud',
	trust: 'paste its certificate into CA Certificate of the account',
};

const RETRY = 'It is tried again; if it lasts, check network, firewall and proxy of the n8n host.';

const HOST_NOT_FOUND: NetworkFault = {
	code: 'host-not-found',
	problem: 'cannot be found (DNS)',
	remedy:
		'Check the host in Token URL or the Microsoft Cloud, and the name server of the n8n host.',
};
const REFUSED: NetworkFault = {
	code: 'connection-refused',
	problem: 'refused the connection',
	remedy: 'Check host and port, and that a firewall lets the n8n host through.',
};
const LOST: NetworkFault = {
	code: 'connection-lost',
	problem: 'closed the connection before answering',
	remedy: RETRY,
};
const TIMED_OUT: NetworkFault = {
	code: 'time-out',
	problem: 'did not answer in time',
	remedy: RETRY,
};
const UNREACHABLE: NetworkFault = {
	code: 'connection-lost',
	problem: 'cannot be reached from here',
	remedy: RETRY,
};
const UNKNOWN_AUTHORITY: NetworkFault = {
	code: 'certificate-not-trusted',
	problem: 'has a certificate of an authority that is not trusted',
	remedy: 'If your network uses an own certificate authority, {trust}.',
};

/** Error codes of Node's net, dns and tls modules (OpenSSL's X509_V_ERR names for certificates). */
const FAULTS: Readonly<Record<string, NetworkFault>> = {
	ENOTFOUND: HOST_NOT_FOUND,
	EAI_AGAIN: HOST_NOT_FOUND,
	ECONNREFUSED: REFUSED,
	ECONNRESET: LOST,
	EPIPE: LOST,
	ETIMEDOUT: TIMED_OUT,
	EHOSTUNREACH: UNREACHABLE,
	ENETUNREACH: UNREACHABLE,
	EPROTO: {
		code: 'connection-lost',
		problem: 'does not speak TLS 1.2 or newer on that port',
		remedy: 'Check host and port; something else may be listening there.',
	},
	DEPTH_ZERO_SELF_SIGNED_CERT: {
		code: 'certificate-not-trusted',
		problem: 'has a self-signed certificate',
		remedy: 'If that is meant to be so, {trust}.',
	},
	SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
	UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
	CERT_HAS_EXPIRED: {
		code: 'certificate-not-trusted',
		problem: 'has a certificate that is expired',
		remedy: 'Have the certificate renewed, or set the clock of the n8n host right.',
	},
	CERT_NOT_YET_VALID: {
		code: 'certificate-not-trusted',
		problem: 'has a certificate that is not valid yet',
		remedy: 'Set the clock of the n8n host right.',
	},
	ERR_TLS_CERT_ALTNAME_INVALID: {
		code: 'certificate-not-trusted',
		problem: 'has a certificate for another host name',
		remedy: 'Write the host in {setting} as the certificate names it.',
	},
};

/**
 * Maps a failure to reach a peer to an IngestError that names the host and no more of the request.
 *
 * @param context `host` as in the URL; `timedOut` when the client's own limit ended the exchange
 */
export function toNetworkError(
	error: unknown,
	context: { readonly peer: Peer; readonly host: string; readonly timedOut: boolean },
): IngestError {
	const { peer, host, timedOut } = context;
	const code = errorCode(error);
	const known = timedOut ? TIMED_OUT : FAULTS[code];
	const fault = known ?? { ...LOST, problem: `could not be asked: ${errorText(error, code)}` };
	const remedy = fault.remedy
		.replace('{setting}', () => peer.setting)
		.replace('{trust}', () => peer.trust);
	return new IngestError(fault.code, `${peer.name} ${host} ${fault.problem}.`, {
		remedy,
		cause: error,
	});
}

function errorCode(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string'
		? error.code
		: '';
}

function errorText(error: unknown, code: string): string {
	const message = error instanceof Error ? error.message : '';
	return [message, code].filter((text) => text !== '').join(', ') || 'unknown reason';
}
