import { IngestError } from '../../core/errors';
import type { ClientOptions, Connection } from './connection';
import { DEFAULT_TIMEOUTS } from '../limits';

/** A connection that is used by nobody else. */
export interface ApartConnection {
	readonly connection: Connection;
	close(): Promise<void>;
}

/** Where the connections of sessions come from. */
export interface ConnectionSource {
	/** A connection for one use; `used` tells that it has served before and may be gone without anybody having noticed. */
	acquire(): Promise<{ readonly connection: Connection; readonly used: boolean }>;
	/** Gives a broken connection back and gets a new one in its place. */
	replace(connection: Connection): Promise<Connection>;
	/** Ends the use. */
	release(connection: Connection): Promise<void>;
}

export interface PoolRequest {
	readonly options: ClientOptions;
	/** True when a person waits for the answer. */
	readonly eager: boolean;
}

/** Milliseconds a use waits for a connection. */
export function queueLimitOf({ options }: PoolRequest): number {
	return options.timeouts?.queue ?? DEFAULT_TIMEOUTS.queue;
}

/** The error of a use that waited too long. */
export function toBusyError(request: PoolRequest): IngestError {
	const { username, host } = request.options.account;
	const seconds = String(Math.round(queueLimitOf(request) / 1000));
	return new IngestError(
		'time-out',
		`The connections of ${username} to ${host} were busy for ${seconds} seconds`,
		{
			remedy:
				'This is tried again; fewer nodes on this account at once, or longer intervals, help.',
		},
	);
}
