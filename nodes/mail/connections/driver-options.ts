import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { checkServerIdentity, createSecureContext } from 'node:tls';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import type { ImapFlowOptions, Logger } from 'imapflow';
import type { Account, SignInProof } from '../../core/account/account';
import { proxyOfEnvironment } from '../../net/proxy';
import { trustedAuthorities } from '../../net/trusted-authorities';
import type { MailTimeouts } from '../limits';
import { CLIENT_INFO } from './client-info';

export interface DriverSettings {
	readonly account: Pick<
		Account,
		'host' | 'port' | 'greetingTimeoutMs' | 'tlsServerName' | 'proxy'
	>;
	readonly secureContext: SecureContext;
	readonly timeouts: MailTimeouts;
	/** Milliseconds for which the connection may lie idle before it is closed. */
	readonly idle: number;
	/** Gives the addresses of a host; the system's unless given. */
	readonly lookup: LookupFunction | undefined;
}

/** One mail of the largest size that is read, and what surrounds it. */
const MAX_LITERAL_BYTES = 16 * 1024 * 1024;
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;
/** Holds the longest address lists that fit into the headers mail servers take. */
const MAX_RESPONSE_TOKENS = 500_000;

/**
 * Whom connections trust, and how: TLS 1.2 or newer; an own authority counts besides those of the process. Making one
 * with an own authority takes tens of milliseconds and a megabyte, so connections share it where they can.
 */
export function toSecureContext(caCertificate: string | undefined): SecureContext {
	return createSecureContext({
		minVersion: 'TLSv1.2',
		...(caCertificate !== undefined && { ca: trustedAuthorities(caCertificate) }),
	});
}

/** Options of the driver: TLS 1.2 or newer and always verified, every wait and every answer bounded. */
export function toDriverOptions(
	{ account, secureContext, timeouts, idle, lookup }: DriverSettings,
	proof: SignInProof,
	logger: Logger,
): ImapFlowOptions {
	const { tlsServerName, proxy = proxyOfEnvironment(account.host, account.port) } = account;
	return {
		host: account.host,
		port: account.port,
		secure: true,
		auth:
			'accessToken' in proof
				? { user: proof.user, accessToken: proof.accessToken }
				: { user: proof.user, pass: proof.password },
		tls: {
			secureContext,
			rejectUnauthorized: true,
			...(lookup !== undefined && { lookup }),
			...(tlsServerName !== undefined && expectName(tlsServerName)),
		},
		...(proxy !== undefined && { proxy }),
		logger,
		clientInfo: CLIENT_INFO,
		idHashAlgorithm: 'sha256',
		// A connection does a few commands now and then: nothing of this would pay.
		disableAutoIdle: true,
		disableAutoEnable: true,
		disableCompression: true,
		connectionTimeout: timeouts.connect,
		greetingTimeout: account.greetingTimeoutMs ?? timeouts.greeting,
		// The driver counts the quiet between two commands too; silence-watch.ts looks after the commands.
		socketTimeout: timeouts.silence + idle,
		maxLineLength: MAX_LINE_BYTES,
		maxLiteralSize: MAX_LITERAL_BYTES,
		maxResponseSize: MAX_RESPONSE_BYTES,
		maxResponseTokens: MAX_RESPONSE_TOKENS,
	};
}

/** The certificate has to be for this name instead of the host's; an IP address is no name that may be asked for (RFC 6066, 3). */
function expectName(name: string): Pick<ConnectionOptions, 'servername' | 'checkServerIdentity'> {
	return {
		...(isIP(name) === 0 && { servername: name }),
		checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
	};
}
