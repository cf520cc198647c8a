import { isRecord } from '../../core/is-record';
import type { Redact } from '../../core/redact';

/** What the adapter was about when something failed. */
export interface MailErrorContext {
	readonly host: string;
	readonly port: number;
	readonly username: string;
	/** Which kind of proof was sent: it decides the remedy of a refused sign-in. */
	readonly proof: 'password' | 'accessToken';
	readonly mailbox?: string;
	/** Texts that must not appear in an error, should a server repeat them. */
	readonly secrets: readonly string[];
}

/** What is known of a failure of the driver, the socket or the server. */
export interface DriverError {
	/** Code of the driver (`ImapFlowErrorCode`), of Node or of OpenSSL; empty when there is none. */
	readonly code: string;
	readonly message: string;
	/** Text of the tagged NO or BAD, of the BYE, or of the OAuth2 challenge. */
	readonly serverText: string | undefined;
	/** Response code in brackets (RFC 5530), in upper case. */
	readonly serverCode: string | undefined;
	/** NO or BAD when the server answered and refused. */
	readonly status: string | undefined;
	readonly signInRefused: boolean;
	readonly mailboxMissing: boolean;
	readonly retryAfterMs: number | undefined;
}

/** A server's text is shown to people: this much of it is enough. */
const MAX_SERVER_TEXT = 300;
/** So much of it is read, so that a server cannot keep us busy with a text. */
const MAX_READ_TEXT = 8 * 1024;
/** What the driver throws itself when a login cannot even be tried. */
const NO_LOGIN_POSSIBLE =
	/^(?:Unsupported authentication mechanism|No matching authentication method|Login is disabled)$/;

/**
 * Reads the properties imapflow and Node put on their errors, none of which is certain to be there. Its texts are as the
 * server sent them, to be judged by; toShownText makes what may be shown.
 */
export function parseDriverError(error: unknown): DriverError {
	const message = error instanceof Error ? error.message : String(error);
	const read = readProperties(error);
	const serverText = (
		read.text('responseText') ??
		read.text('reason') ??
		read.text('response')
	)?.slice(0, MAX_READ_TEXT);
	return {
		code: read.text('code') ?? '',
		message: message.slice(0, MAX_READ_TEXT),
		serverText,
		serverCode: readServerCode(error, read.text('serverResponseCode'), serverText),
		status: read.text('responseStatus'),
		signInRefused: read.flag('authenticationFailed') || NO_LOGIN_POSSIBLE.test(message),
		mailboxMissing: read.flag('mailboxMissing') || read.text('code') === 'NotFound',
		retryAfterMs: read.count('throttleReset'),
	};
}

/**
 * The driver gives the response code of some commands only. That of a refused FETCH is in the parsed response, and some
 * servers put it where the driver takes it for text.
 */
function readServerCode(
	error: unknown,
	given: string | undefined,
	text: string | undefined,
): string | undefined {
	const parsed = isRecord(error) ? error['response'] : undefined;
	const code =
		given ??
		codeOfResponse(parsed) ??
		/^\s*\[(?<code>[A-Z][A-Z0-9-]*)/iu.exec(text ?? '')?.groups?.['code'];
	return code?.toUpperCase();
}

function codeOfResponse(response: unknown): string | undefined {
	const attributes = isRecord(response) ? response['attributes'] : undefined;
	const first: unknown = Array.isArray(attributes) ? attributes[0] : undefined;
	const section = isRecord(first) ? first['section'] : undefined;
	const code: unknown = Array.isArray(section) ? section[0] : undefined;
	const value = isRecord(code) ? code['value'] : undefined;
	return typeof value === 'string' ? value : undefined;
}

function readProperties(error: unknown) {
	const properties = new Map<string, unknown>(
		typeof error === 'object' && error !== null ? Object.entries(error) : [],
	);
	return {
		text: (name: string): string | undefined => {
			const value = properties.get(name);
			return typeof value === 'string' && value !== '' ? value : undefined;
		},
		flag: (name: string): boolean => properties.get(name) === true,
		count: (name: string): number | undefined => {
			const value = properties.get(name);
			return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
		},
	};
}

/** A foreign text as it may be shown: without secrets, on one line, not too long. */
export function toShownText(text: string, redact: Redact): string {
	const plain = redact(text.slice(0, MAX_READ_TEXT))
		.replace(/\p{Cc}+/gu, ' ')
		.trim();
	return plain.length > MAX_SERVER_TEXT ? `${plain.slice(0, MAX_SERVER_TEXT)}…` : plain;
}
