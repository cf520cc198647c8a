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
	/** Slow hosts, and gateways such as DavMail, take their time. */
	readonly greeting: number;
	/** Silence of the server while a command runs. */
	readonly silence: number;
	/** Silence at the first command on a connection that lay idle: a router may have forgotten it. */
	readonly reuse: number;
	/** One command, however much of its answer arrives. */
	readonly command: number;
	/** Waiting for a shared connection that others are using. */
	readonly queue: number;
	/** Between two looks at a mailbox where the server does not tell of new mail. */
	readonly look: number;
	/** The farewell; the connection is cut afterwards. */
	readonly logout: number;
}

export const DEFAULT_TIMEOUTS: MailTimeouts = {
	connect: 30_000,
	greeting: 60_000,
	silence: 60_000,
	reuse: 10_000,
	command: 300_000,
	queue: 60_000,
	look: 60_000,
	logout: 3_000,
};

/** How many connections are kept, and for how long. */
export interface ConnectionLimits {
	readonly perAccount: number;
	/** Connections of this process. */
	readonly inAll: number;
	/** Milliseconds a connection is kept for the next use. */
	readonly idle: number;
	/** Milliseconds a use waits for a connection that is busy before another one is opened. */
	readonly patience: number;
}

/** A poll each minute finds its connection again. */
export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
	perAccount: 4,
	inAll: 200,
	idle: 90_000,
	patience: 2_000,
};
