import { CompiledPattern } from './compiled-pattern';
import { PatternSyntaxError } from './errors';
import type { MatchBudget } from './match-budget';
import { parsePattern } from './parse/parser';

export { PatternBudgetError, PatternSyntaxError } from './errors';
export { MatchBudget, type MatchBudgetOptions } from './match-budget';
export { textFor, toMatchableText, type MatchableText } from './matchable-text';

/** The first match of a pattern. */
export interface PatternMatch {
	readonly value: string;
	/** Offset into the text that was matched, in UTF-16 units. */
	readonly index: number;
	/** Groups that took part, by name, and unnamed ones by number (`"1"`, `"2"`). */
	readonly groups: ReadonlyMap<string, string>;
}

/** A compiled .NET pattern; `match` is .NET's `Regex.Match`, and `Match.NextMatch` with the match before. */
export interface Pattern {
	readonly source: string;
	/** Named groups only, in .NET's order, without duplicates. */
	readonly groupNames: readonly string[];
	/** `timeLimited`: look-around, back-reference, atomic group and the like; such a pattern runs under a time limit. */
	readonly engine: 'linear' | 'timeLimited';
	/** Whether to match the raw text rather than the one with `\n` line ends; see {@link textFor}. */
	readonly mentionsCarriageReturn: boolean;
	/**
	 * Finds the first match, or the one that follows another: it begins where that ended, one unit on if that was empty.
	 *
	 * @param after the match before, of the same pattern in the same text
	 * @throws PatternBudgetError when it could not be decided within the budget
	 */
	match(text: string, budget: MatchBudget, after?: PatternMatch): PatternMatch | undefined;
}

/** .NET's RegexOptions that may be given outside the pattern; all off unless given. */
export interface PatternOptions {
	readonly ignoreCase?: boolean;
	readonly multiline?: boolean;
	readonly singleline?: boolean;
	readonly explicitCapture?: boolean;
	readonly ignorePatternWhitespace?: boolean;
}

/** Longest pattern, in UTF-16 units. */
export const MAX_PATTERN_LENGTH = 4000;

/**
 * Compiles a .NET regular expression.
 *
 * @throws PatternSyntaxError when .NET would refuse it, or this package cannot run it
 */
export function compilePattern(source: string, options: PatternOptions = {}): Pattern {
	if (source.length > MAX_PATTERN_LENGTH) {
		throw new PatternSyntaxError(
			source,
			MAX_PATTERN_LENGTH,
			`a pattern may have ${String(MAX_PATTERN_LENGTH)} characters, this one has ${String(source.length)}`,
			'Divide the pattern among several rules.',
		);
	}
	const tree = parsePattern(source, {
		ignoreCase: options.ignoreCase ?? false,
		multiline: options.multiline ?? false,
		singleline: options.singleline ?? false,
		explicitCapture: options.explicitCapture ?? false,
		ignoreWhitespace: options.ignorePatternWhitespace ?? false,
	});
	return new CompiledPattern(source, tree);
}
