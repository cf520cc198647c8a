/** When and how often something is tried again. */
export interface RetryPolicy {
	/** All attempts together, the first included. */
	readonly maxAttempts: number;
	readonly firstDelayMs: number;
	readonly maxDelayMs: number;
}

/** Deliveries: the next poll, then a growing pause; an hour is the longest an alert waits for a workflow to be mended. */
export const DELIVERY_RETRY: RetryPolicy = {
	maxAttempts: 5,
	firstDelayMs: 30_000,
	maxDelayMs: 3_600_000,
};

/**
 * The pause before the next attempt, or undefined when there is none left.
 *
 * @param attempt the attempt that has just failed, counted from 1
 * @param random a number in [0, 1) that spreads retries of many messages (full delay at most, half of it at least)
 */
export function nextDelay(
	policy: RetryPolicy,
	attempt: number,
	random: number,
): number | undefined {
	if (attempt >= policy.maxAttempts) return undefined;
	const full = Math.min(policy.firstDelayMs * 2 ** (attempt - 1), policy.maxDelayMs);
	return Math.round(full * (0.5 + random / 2));
}
