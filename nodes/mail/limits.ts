/** What one message may cost. */
export interface MailLimits {
	/** Bytes of a text part, in transfer encoding, that are read of one message; the rest is left on the server. */
	readonly bodyBytes: number;
	/** MIME parts of one message that are looked at. */
	readonly parts: number;
	/** Levels of nested multiparts that are looked into. */
	readonly depth: number;
}

export const DEFAULT_LIMITS: MailLimits = { bodyBytes: 256 * 1024, parts: 1000, depth: 50 };

/** How long, in milliseconds, each wait for the server may last. */
export interface MailTimeouts {
	/** DNS, TCP and TLS together. */
	readonly connect: number;
	readonly greeting: number;
	/** Silence of the server while a command runs. */
	readonly silence: number;
	/** The farewell; the connection is cut afterwards. */
	readonly logout: number;
}

export const DEFAULT_TIMEOUTS: MailTimeouts = {
	connect: 30_000,
	greeting: 15_000,
	silence: 60_000,
	logout: 3_000,
};
