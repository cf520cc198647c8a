import type { Log } from '../../nodes/core/log';

/** A log that keeps nothing. */
export const SILENT_LOG: Log = {
	debug: () => undefined,
	info: () => undefined,
	warn: () => undefined,
	error: () => undefined,
};
