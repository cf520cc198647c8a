import { IngestError } from '../errors';

/** Bytes of a mebibyte. */
export const MIB = 1_048_576;

/** The error for what is larger than it may be; sizes in bytes. */
export function tooLarge(what: string, size: number, limit: number): IngestError {
	const inMib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;
	return new IngestError(
		'message-unreadable',
		`${what} has at least ${inMib(size)}; the limit is ${inMib(limit)}.`,
		{ field: 'Size Limit', remedy: 'Raise the size limit in the options of the node.' },
	);
}
