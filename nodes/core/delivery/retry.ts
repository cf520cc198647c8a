/** Pauses that grow from one attempt to the next, without end. */
export interface Growth {
	readonly firstDelayMs: number;
	/** By how much each pause is longer than the one before; doubled unless given. */
	readonly growth?: number;
	readonly maxDelayMs: number;
}

/** When and how often something is tried again. */
export interface RetryPolicy extends Growth {
	/** All attempts together, the first included. */
	readonly maxAttempts: number;
}

/** Deliveries: soon, then with pauses that outlast a receiver that is down for half an hour; an hour is the longest. */
export const DELIVERY_RETRY: RetryPolicy = {
	maxAttempts: 5,
	firstDelayMs: 30_000,
	growth: 5,
	maxDelayMs: 3_600_000,
};

/** Clean-ups that the server refused: a folder that cannot be written now is not asked for with each poll. */
export const CLEAN_UP_RETRY: Growth = { firstDelayMs: 60_000, growth: 3, maxDelayMs: 3_600_000 };

/**
 * The pause before the next attempt.
 *
 * @param attempt the attempt that has just failed, counted from 1
 * @param random a number in [0, 1) that spreads retries of many messages (full delay at most, half of it at least)
 */
export function pauseAfter(
	{ firstDelayMs, growth = 2, maxDelayMs }: Growth,
	attempt: number,
	random: number,
): number {
	const full = Math.min(firstDelayMs * growth ** (attempt - 1), maxDelayMs);
	return Math.round(full * (0.5 + random / 2));
}

/** The same, or undefined when there is no attempt left. */
export function nextDelay(
	policy: RetryPolicy,
	attempt: number,
	random: number,
): number | undefined {
	return attempt >= policy.maxAttempts ? undefined : pauseAfter(policy, attempt, random);
}
