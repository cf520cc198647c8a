import type { MatchBudget } from './match-budget';

/** One match of a pattern. */
export interface PatternMatch {
	readonly value: string;
	/** Offset into the text that was matched, in UTF-16 units. */
	readonly index: number;
	/** Groups that took part, by name, and unnamed ones by number (`"1"`, `"2"`). */
	readonly groups: ReadonlyMap<string, string>;
}

/** A search for a match that goes on by turns, so that a long one need not keep the event loop waiting. */
export interface MatchSearch {
	/** Whether there is more to do: let the event loop run, tell the budget, and go on. */
	readonly paused: boolean;
	/** The match, once the search is no longer paused; undefined where there is none. */
	readonly match: PatternMatch | undefined;
	/**
	 * Searches until it is decided or its turn is over.
	 *
	 * @throws PatternBudgetError when it cannot be decided within the budget
	 */
	proceed(): void;
}

/** A compiled .NET pattern. */
export interface Pattern {
	readonly source: string;
	/** Named groups only, in .NET's order, without duplicates. */
	readonly groupNames: readonly string[];
	/** Whether to match the raw text rather than the one with `\n` line ends; see {@link textFor}. */
	readonly mentionsCarriageReturn: boolean;
	/**
	 * Begins to look for the first match, or for the one that follows another: .NET's `Regex.Match` and `Match.NextMatch`.
	 * That begins where the match before ended, one unit on if it was empty.
	 *
	 * @param after the match before, of the same pattern in the same text
	 * @throws PatternBudgetError when it cannot be decided within the budget
	 */
	search(text: string, budget: MatchBudget, after?: PatternMatch): MatchSearch;
	/** The same at one stretch, for texts so short that nobody waits for them. */
	match(text: string, budget: MatchBudget, after?: PatternMatch): PatternMatch | undefined;
}

/** A text in the two forms that patterns are matched on. */
export interface MatchableText {
	/** As it came, with its own line ends. */
	readonly raw: string;
	/** With `\r\n` and lone `\r` replaced by `\n`. */
	readonly normalised: string;
}

/** Prepares a text once, so that every pattern of a message can be matched on it. */
export function toMatchableText(raw: string): MatchableText {
	return { raw, normalised: raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw };
}

/**
 * Picks the form that a pattern is matched on: `\n` line ends, unless the pattern itself mentions CR.
 * In .NET neither `$` nor `.` knows `\r\n`, so that patterns written for lines would catch the `\r` of a mail.
 */
export function textFor(
	pattern: Pick<Pattern, 'mentionsCarriageReturn'>,
	text: MatchableText,
): string {
	return pattern.mentionsCarriageReturn ? text.raw : text.normalised;
}
