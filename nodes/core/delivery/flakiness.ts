/** How often messages failed that succeeded later, and how many succeeded: the receiver's own unreliability. */
export interface Flakiness {
	readonly passing: number;
	readonly succeeded: number;
}

/** Nothing is known of the receiver. */
export const NEW_FLAKINESS: Flakiness = { passing: 0, succeeded: 0 };

/** So many messages are remembered; older ones count less and less. */
const REMEMBERED = 1_000;
/** A few failures among few messages say little. */
const PRIOR = 20;
/** How likely it may be that chance alone sends a message to quarantine. */
const UNLIKELY = 1e-8;

/** Messages have succeeded whose executions had failed `passing` times before. */
export function noteSuccess(known: Flakiness, messages: number, passing: number): Flakiness {
	const share = known.succeeded > REMEMBERED ? 0.5 : 1;
	return {
		passing: known.passing * share + passing,
		succeeded: known.succeeded * share + messages,
	};
}

/**
 * How often a message has to fail alone while others succeed before it counts as poison: what was chosen, or more where
 * the receiver fails so often that a good message might fail as often by chance.
 */
export function attemptsBeforeQuarantine(chosen: number, known: Flakiness): number {
	const { passing, succeeded } = known;
	const rate = passing / (passing + succeeded + PRIOR);
	return rate === 0 ? chosen : Math.max(chosen, Math.ceil(Math.log(UNLIKELY) / Math.log(rate)));
}
