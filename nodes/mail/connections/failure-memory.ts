import type { Logger } from 'imapflow';
import type { Log } from '../../core/log';

/** The driver writes each answer out as text for a level that is on, which costs as much as reading it. */
interface LevelledLogger {
	isLevelEnabled(level: string): boolean;
}

/** What the driver said went wrong, kept for the one who asks why a call gave nothing. */
export interface FailureMemory {
	readonly logger: Logger & LevelledLogger;
	remember(error: unknown): void;
	forget(): void;
	last(): unknown;
	/** A pending command only hears that the connection is gone; what ended it was told to the listener. */
	causeOf(error: unknown): unknown;
}

/** The driver waits for shorter pauses itself; longer ones would hold a connection, and everybody who waits for it. */
const LONGEST_PAUSE_MS = 2_000;

/**
 * The driver reports refusals to its logger and broken connections to its listener, not to the caller.
 * Its entries hold addresses and subjects, so only the text of a warning goes on to our log.
 *
 * @param onLongPause called when the server asks for a pause that the driver would wait for with the connection held
 */
export function createFailureMemory(log: Log, onLongPause: () => void): FailureMemory {
	let refusal: unknown;
	let breakdown: unknown;
	let longPause: unknown;
	const ignore = () => undefined;
	const keep = (entry: unknown) => {
		if (typeof entry !== 'object' || entry === null) return;
		if ('err' in entry && entry.err !== undefined) refusal = entry.err;
		if ('msg' in entry && typeof entry.msg === 'string') log.debug(`IMAP: ${entry.msg}`);
		if (!('throttleDelay' in entry) || Number(entry.throttleDelay) <= LONGEST_PAUSE_MS) return;
		longPause ??= refusal;
		onLongPause();
	};
	return {
		logger: {
			debug: ignore,
			info: ignore,
			warn: keep,
			error: keep,
			isLevelEnabled: (level) => level === 'warn' || level === 'error',
		},
		remember: (error) => {
			breakdown ??= error;
		},
		forget: () => {
			refusal = undefined;
		},
		last: () => longPause ?? breakdown ?? refusal,
		causeOf: (error) => longPause ?? (isNoConnection(error) ? (breakdown ?? error) : error),
	};
}

function isNoConnection(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'NoConnection';
}
