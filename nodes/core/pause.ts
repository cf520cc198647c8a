/** The longest that anything is ever left alone, in milliseconds: beyond an hour it is asked once more. */
export const LONGEST_PAUSE_MS = 3_600_000;

/**
 * Milliseconds that are left of a pause; 0 once it is over. A rest that is longer than any pause that is given shows
 * that the clock was set back since: then the pause is over too. So is an interval until something is due again, with
 * its own length as the longest.
 *
 * @param until epoch milliseconds, as is `now`
 * @param longest milliseconds of the longest pause of this kind
 */
export function restOfPause(until: number, now: number, longest = LONGEST_PAUSE_MS): number {
	const rest = until - now;
	return rest > 0 && rest <= longest ? rest : 0;
}

/** A pause that somebody asks for, in milliseconds from 0 to an hour; undefined when it is not a number. */
export function toPause(asked: number | undefined): number | undefined {
	if (asked === undefined || Number.isNaN(asked)) return undefined;
	return Math.min(Math.max(0, asked), LONGEST_PAUSE_MS);
}

/** Milliseconds a Retry-After header asks for, from 0 to an hour (RFC 9110, 10.2.3): seconds or a date; undefined when it is neither. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
	if (header === undefined) return undefined;
	const text = header.trim();
	return toPause(/^\d+$/u.test(text) ? Number(text) * 1000 : Date.parse(text) - now);
}
