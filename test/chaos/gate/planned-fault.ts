/** What can happen to a connection; `expire` is how Exchange ends a session whose token is no longer good. */
export type ConnectionFault = 'reset' | 'close' | 'stall' | 'half' | 'expire';

/** A fault that waits for its moment. */
export interface PlannedFault {
	/**
	 * Which commands count: `CONNECT`, `AUTHENTICATE`, `SELECT`, `UID FETCH` and so on, `DONE` at the end of an IDLE, and
	 * `EXISTS` for the news of mail during one.
	 */
	readonly at: RegExp;
	/** Which of these commands count, by the whole line; all unless given. */
	readonly line?: (line: string) => boolean;
	/** Strikes at the so-manieth of them, the first is 1. */
	readonly count: number;
	/** Before the server gets the command, or when it has carried it out and the client does not know. */
	readonly when: 'before' | 'after';
	/** So often, one after the other; once unless given. */
	readonly times?: number;
	/** A fault of the connection, a lie, or something else that happens while the command waits. */
	readonly act: ConnectionFault | Refusal | Lie | (() => Promise<void> | void);
}

/** The server never gets the command; the client hears NO. */
export interface Refusal {
	readonly refuse: string;
}

/** The client gets another answer than the server's. */
export interface Lie {
	readonly rewrite: (answer: string) => string;
}

/** A fault until it has struck. */
export interface Waiting {
	readonly fault: PlannedFault;
	readonly onStruck: (command: string) => void;
	/** Commands so far. */
	seen: number;
	/** Strikes so far. */
	struck: number;
}
