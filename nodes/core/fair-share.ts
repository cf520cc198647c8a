/** The same entries, beginning with another one each turn. */
export function rotate<Entry>(entries: readonly Entry[], turn: number): readonly Entry[] {
	const first = entries.length === 0 ? 0 : turn % entries.length;
	return [...entries.slice(first), ...entries.slice(0, first)];
}

/**
 * When one of those who wait for the rest of a time has to be done, so that all of them get the same.
 *
 * @param now epoch milliseconds, as is `deadline`
 * @param waiting how many wait, that one included
 * @param lanes how many are served at once
 */
export function shareOf(now: number, deadline: number, waiting: number, lanes: number): number {
	const rounds = Math.max(1, Math.ceil(waiting / lanes));
	return now + Math.max(0, deadline - now) / rounds;
}
