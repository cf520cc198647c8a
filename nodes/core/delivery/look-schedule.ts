import type { Cursor } from './cursor';
import { restOfPause } from '../pause';
import type { RetryPolicy } from './retry';

/** A lost connection is made anew soon, then with growing pauses; jitter keeps many triggers from coming back at once. */
export const RECONNECT: RetryPolicy = {
	maxAttempts: Number.POSITIVE_INFINITY,
	firstDelayMs: 1_000,
	maxDelayMs: 60_000,
};

/** What is left over, for want of time or because too much is on its way, waits this long. */
const LEFT_OVER_MS = 5_000;

/** What decides when a watched mailbox is looked at without news of it. */
export interface LookPolicy {
	/** Longest time between two looks, in milliseconds. */
	readonly safetyScanMs: number;
	/** The longest, in milliseconds, that a delivery is ever left alone. */
	readonly longestWaitMs: number;
}

/**
 * Milliseconds until a watched mailbox is looked at again though nothing was heard of it: for the next delivery that is
 * due again, for what was left over, and in case news got lost.
 *
 * @param uidNext UIDNEXT of the mailbox when it was looked at last
 */
export function nextLook(
	{ pending, position }: Pick<Cursor, 'pending' | 'position'>,
	uidNext: number,
	now: number,
	{ safetyScanMs, longestWaitMs }: LookPolicy,
): number {
	const waits = pending.map(({ notBefore }) => restOfPause(notBefore, now, longestWaitMs));
	const isLeftOver = position + 1 < uidNext;
	const soonest = Math.min(safetyScanMs, ...waits, ...(isLeftOver ? [0] : []));
	// A delivery that is due but still on its way must not be asked for without a pause.
	return Math.max(Math.min(LEFT_OVER_MS, safetyScanMs), soonest);
}
