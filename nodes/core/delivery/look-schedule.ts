import type { Cursor } from './cursor';
import { restOfPause } from '../pause';
import type { Growth } from './retry';

/** A lost connection is made anew soon, then with growing pauses; jitter keeps many triggers from coming back at once. */
export const RECONNECT: Growth = { firstDelayMs: 1_000, maxDelayMs: 60_000 };

/** What is left over, for want of time or because too much is on its way, waits this long. */
const LEFT_OVER_MS = 5_000;

/** What decides when a watched mailbox is looked at without news of it. */
export interface LookPolicy {
	/** Longest time between two looks, in milliseconds. */
	readonly safetyScanMs: number;
	/** The longest, in milliseconds, that a delivery is ever left alone. */
	readonly longestWaitMs: number;
	/** Epoch milliseconds before which a failing workflow is left alone. */
	readonly probeAt?: number;
	/** When mail that is expected may be found missing, epoch milliseconds. */
	readonly missingAt?: number;
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
	{ safetyScanMs, longestWaitMs, probeAt = 0, missingAt = Infinity }: LookPolicy,
): number {
	const waits = pending.map(({ notBefore }) => restOfPause(notBefore, now, longestWaitMs));
	const isLeftOver = position + 1 < uidNext;
	// What a failing workflow cannot take waits for the next probe of it.
	const probe = Math.min(restOfPause(probeAt, now), safetyScanMs);
	const missing = Math.max(0, missingAt - now + 1);
	const soonest = Math.max(
		probe,
		Math.min(safetyScanMs, missing, ...waits, ...(isLeftOver ? [0] : [])),
	);
	// A delivery that is due but still on its way must not be asked for without a pause.
	return Math.max(Math.min(LEFT_OVER_MS, safetyScanMs), soonest);
}

/** Least milliseconds between a look that found nothing and the next, whatever a server answers. */
const FLOOR_MS = 1_000;
/** A server that announces mail is believed so often in a row. */
const BELIEVED = 3;
/** Looks that had to be held up in a row before somebody is told. */
const ALARMING = 5;

/** How a watched mailbox was looked at lately. */
export interface Pace {
	/** Looks in a row that found nothing and were followed by another at once. */
	readonly vain: number;
	/** How many of them had to be held up. */
	readonly heldUp: number;
}

export const STEADY_PACE: Pace = { vain: 0, heldUp: 0 };

/** A look, and what came after it. */
export interface LookOutcome {
	readonly isFruitful: boolean;
	/** Whether the server has announced mail since. */
	readonly isAnnounced: boolean;
	/** Milliseconds from its beginning until the next look would begin. */
	readonly elapsedMs: number;
}

/** How long, in milliseconds, the next look is held up, so that false news cannot make a loop; `isAlarming` once when that lasts. */
export function holdUp(
	{ vain, heldUp }: Pace,
	{ isFruitful, isAnnounced, elapsedMs }: LookOutcome,
): { readonly pace: Pace; readonly restMs: number; readonly isAlarming: boolean } {
	// A clock that was set back shows as a negative time.
	const rest = Math.min(FLOOR_MS, FLOOR_MS - elapsedMs);
	if (isFruitful || rest <= 0) return { pace: STEADY_PACE, restMs: 0, isAlarming: false };
	if (isAnnounced && vain < BELIEVED) {
		return { pace: { vain: vain + 1, heldUp }, restMs: 0, isAlarming: false };
	}
	const pace = { vain: vain + 1, heldUp: heldUp + 1 };
	return { pace, restMs: rest, isAlarming: pace.heldUp === ALARMING };
}
