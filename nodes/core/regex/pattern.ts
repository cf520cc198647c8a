/*
 * .NET patterns. parse/ reads a pattern into a tree (syntax-tree.ts, with the sets/ of its characters), program/ turns the
 * tree into a flat program and a plan for the search, engine/ runs it. pattern.ts is the face; match-budget.ts counts the
 * steps, so that the verdict is the same on every host.
 */
import { Machine, type Program } from './engine/machine';
import { PatternSearch } from './engine/search';
import { PatternSyntaxError } from './errors';
import type { PatternMatch } from './match';
import type { MatchBudget } from './match-budget';
import { parsePattern } from './parse/parser';
import type { PatternOptions } from './parse/reader';
import { compileProgram } from './program/compile';
import { planSearch, type SearchPlan } from './program/search-plan';
import { UnitSets } from './sets/unit-set';

export { PatternBudgetError, PatternSyntaxError } from './errors';
export { textFor, toMatchableText, type MatchableText, type PatternMatch } from './match';
export { MatchBudget } from './match-budget';
export type { PatternOptions } from './parse/reader';

/** Longest pattern, in UTF-16 units. */
export const MAX_PATTERN_LENGTH = 50_000;

/**
 * Compiles a .NET regular expression: parser -> tree -> instructions, which a backtracking machine runs as .NET does.
 *
 * @throws PatternSyntaxError when .NET would refuse it, or it is too long or too deeply nested
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
	return new Pattern(source, options);
}

/** A compiled .NET pattern. */
export class Pattern {
	/** Named groups only, in .NET's order, without duplicates. */
	readonly groupNames: readonly string[];
	/** Whether to match the raw text rather than the one with `\n` line ends; see {@link textFor}. */
	readonly mentionsCarriageReturn: boolean;
	private readonly plan: SearchPlan;
	private readonly program: Program;

	constructor(
		readonly source: string,
		options: PatternOptions,
	) {
		const sets = new UnitSets();
		const tree = parsePattern(source, options, sets);
		this.groupNames = [...tree.slotKeys.values()].filter((name) => !/^\d/.test(name));
		this.mentionsCarriageReturn = tree.mentionsCarriageReturn;
		this.program = compileProgram(tree, sets);
		this.plan = planSearch(tree.root, this.program.start.begins, sets);
	}

	/**
	 * Begins to look for the first match, or for the one that follows another: .NET's `Regex.Match` and `Match.NextMatch`.
	 * That begins where the match before ended, one unit on if it was empty.
	 *
	 * @param after the match before, of the same pattern in the same text
	 * @throws PatternBudgetError when it cannot be decided within the budget
	 */
	search(text: string, budget: MatchBudget, after?: PatternMatch): PatternSearch {
		budget.admit(this.source, text);
		const searchStart = after === undefined ? 0 : after.index + after.value.length;
		const begin = after?.value === '' ? searchStart + 1 : searchStart;
		const machine = new Machine(this.program, text, searchStart);
		return new PatternSearch(this.source, this.plan, machine, budget, begin);
	}

	/** The same at one stretch, for texts so short that nobody waits for them. */
	match(text: string, budget: MatchBudget, after?: PatternMatch): PatternMatch | undefined {
		const search = this.search(text, budget, after);
		while (search.paused) search.proceed();
		return search.match;
	}
}
