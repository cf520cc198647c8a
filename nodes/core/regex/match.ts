/** One match of a pattern. */
export interface PatternMatch {
	readonly value: string;
	/** Offset into the text that was matched, in UTF-16 units. */
	readonly index: number;
	/** Groups that took part, by name, and unnamed ones by number (`"1"`, `"2"`). */
	readonly groups: ReadonlyMap<string, string>;
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
	return { raw, normalised: raw.replaceAll('\r\n', '\n').replaceAll('\r', '\n') };
}

/**
 * Picks the form that a pattern is matched on: `\n` line ends, unless the pattern itself mentions CR.
 * In .NET neither `$` nor `.` knows `\r\n`, so that patterns written for lines would catch the `\r` of a mail.
 */
export function textFor(
	{ mentionsCarriageReturn }: { readonly mentionsCarriageReturn: boolean },
	{ raw, normalised }: MatchableText,
): string {
	return mentionsCarriageReturn ? raw : normalised;
}
