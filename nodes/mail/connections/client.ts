/*
 * A session is one use of a connection (client.ts). connection-registry.ts has the connections of each account
 * (account-connections.ts), in a pool for each proof (connection-pool.ts); connector.ts opens them and keeps to pauses
 * (connect-gate.ts); connection.ts is one of them, made with driver-options.ts.
 */
import type { ImapFlow } from 'imapflow';
import { IngestError } from '../../core/errors';
import type { ClientOptions, Connection } from './connection';
import type { SharedUse } from './connection-registry';
import type { ConnectionSource } from './pool-request';

/** What it takes to connect to an account, and whose connections its uses share. */
export interface SessionOptions extends ClientOptions {
	readonly shared: SharedUse;
}

/** A signed-in connection. Its calls must not overlap: one connection runs one command at a time. */
export interface Session {
	readonly client: ImapFlow;
	/** Paths of mailboxes by the names that were asked for, as the connection found them. */
	readonly paths: Map<string, string>;
	/**
	 * Runs one call of the driver and gives its result.
	 *
	 * @throws IngestError for whatever went wrong, also where the driver only returns `false` or `undefined`
	 */
	run<Result>(
		call: (client: ImapFlow) => Promise<Result>,
		mailbox?: string,
	): Promise<Exclude<Result, false | undefined>>;
	/** Goes on with a new connection, on which no mailbox is open, after the last one broke. */
	renew(): Promise<void>;
}

/** Gives `work` a session and takes it back; the seam behind which connections may be shared. */
export type WithSession = <Result>(work: (session: Session) => Promise<Result>) => Promise<Result>;

/**
 * Sessions of an account, over shared connections. One that turns out to be gone before the server has answered anything
 * is replaced once: nothing was done on it yet.
 */
export function createSessions(options: SessionOptions): WithSession {
	const { shared } = options;
	const source = shared.registry.connectionsOf(options, shared);
	return async (work) => {
		const { connection, used } = await source.acquire();
		const session = new SourcedSession(connection, source);
		try {
			try {
				return await work(session);
			} catch (error) {
				if (!isGoneUnused(error, session, used)) throw error;
			}
			await session.renew();
			return await work(session);
		} finally {
			await session.end();
		}
	};
}

class SourcedSession implements Session {
	private answered = 0;
	/** Undefined while and after a replacement failed. */
	private connection: Connection | undefined;

	constructor(
		private current: Connection,
		private readonly source: ConnectionSource,
	) {
		this.connection = current;
	}

	get client(): ImapFlow {
		return this.current.client;
	}

	get paths(): Map<string, string> {
		return this.current.paths;
	}

	get isUnanswered(): boolean {
		return this.answered === 0;
	}

	get tokenWasRefused(): boolean {
		return this.current.refusedToken !== undefined;
	}

	async run<Result>(
		call: (client: ImapFlow) => Promise<Result>,
		mailbox?: string,
	): Promise<Exclude<Result, false | undefined>> {
		const { current } = this;
		const before = current.answered;
		try {
			return await current.run(call, mailbox);
		} finally {
			this.answered += current.answered - before;
		}
	}

	async renew(): Promise<void> {
		this.connection = undefined;
		this.current = await this.source.replace(this.current);
		this.connection = this.current;
	}

	async end(): Promise<void> {
		if (this.connection !== undefined) await this.source.release(this.connection);
	}
}

/** A failure before the first answer on a connection that had served before, or whose token had just expired. */
function isGoneUnused(error: unknown, session: SourcedSession, used: boolean): boolean {
	const isLoss =
		error instanceof IngestError && (error.code === 'connection-lost' || error.code === 'time-out');
	return isLoss && session.isUnanswered && (used || session.tokenWasRefused);
}
