/** How many calls of the workflow were tried, one for each message, and how many failed. */
export interface CallRate {
	readonly failed: number;
	readonly tried: number;
}

/** Nothing is known of the receiver. */
export const NEW_RATE: CallRate = { failed: 0, tried: 0 };

/** So many calls are remembered; older ones count less and less. */
const REMEMBERED = 1_000;
/** A few failures among few calls say little, and a single one may be due to the message. */
const PRIOR = { tried: 20, failed: 1 } as const;

/** An execution of messages that were not together before has ended; it fails with the first call that fails. */
export function noteRun({ failed, tried }: CallRate, size: number, hasFailed: boolean): CallRate {
	const share = tried > REMEMBERED ? 0.5 : 1;
	return {
		failed: failed * share + (hasFailed ? 1 : 0),
		tried: tried * share + (hasFailed ? size / 2 : size),
	};
}

/**
 * How many messages an execution had better have at most: where one call in n fails, n messages bring the most of them
 * through, since an execution of n succeeds with a chance of (1 - 1/n)^n.
 */
export function batchFor(known: CallRate): number {
	return Math.max(1, Math.round(1 / rateOf(known)));
}

/** How likely an execution of so many messages fails where calls fail as often as they did. */
export function chanceOfFailure(size: number, known: CallRate): number {
	return 1 - (1 - rateOf(known)) ** size;
}

function rateOf({ failed, tried }: CallRate): number {
	return Math.max(0, failed - PRIOR.failed) / (tried + PRIOR.tried);
}
