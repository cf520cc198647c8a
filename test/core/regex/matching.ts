import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePattern, MatchBudget, PatternBudgetError } from '../../../nodes/core/regex/pattern';
import type { PatternMatch, PatternOptions } from '../../../nodes/core/regex/pattern';

/** What .NET makes of a pattern; a group that took no part is null. */
export type Expectation =
	| { readonly error: 'parse' }
	| { readonly success: false }
	| {
			readonly success: true;
			readonly value: string;
			readonly index: number;
			readonly groups: Readonly<Record<string, string | null>>;
	  };

export interface Row {
	readonly pattern: string;
	/** Letters of RegexOptions, from `imnsx`. */
	readonly options: string;
	readonly input: string;
}

export interface Vector extends Row {
	readonly expected: Expectation;
}

/** Where .NET itself is wrong. */
export interface Fault extends Vector {
	readonly dotnet: Expectation;
}

/** Rows with what .NET 10 answered. */
export interface AskedRows {
	readonly rows: readonly Vector[];
	readonly faults: readonly Fault[];
}

/** Reads a JSON file of test/fixtures. */
export function readFixture<T>(name: string): T {
	// The fixtures are ours; their shape is checked by the tests that read them.
	return JSON.parse(readFileSync(join(__dirname, '..', '..', 'fixtures', name), 'utf8')) as T;
}

/** The options that letters stand for. */
export function toOptions(letters: string): Required<PatternOptions> {
	return {
		ignoreCase: letters.includes('i'),
		multiline: letters.includes('m'),
		singleline: letters.includes('s'),
		explicitCapture: letters.includes('n'),
		ignorePatternWhitespace: letters.includes('x'),
	};
}

/** Matches once, with the usual budget. */
export function matchOnce(pattern: string, input: string, letters = ''): PatternMatch | undefined {
	return compilePattern(pattern, toOptions(letters)).match(input, new MatchBudget());
}

/** A match as the vectors write it, without the groups that took no part. */
export function toExpectation(match: PatternMatch | undefined): object {
	if (match === undefined) return { success: false };
	const { value, index, groups } = match;
	return { success: true, value, index, groups: Object.fromEntries(groups) };
}

/** An expectation without the groups that took no part. */
export function withoutAbsent(expected: Expectation): object {
	if (!('groups' in expected)) return expected;
	const present = Object.entries(expected.groups).filter(([, value]) => value !== null);
	return { ...expected, groups: Object.fromEntries(present) };
}

/** What a match by turns came to, the steps and turns that it took, and the most steps of a turn. */
export function matchByTurns(pattern: string, text: string, budget: MatchBudget) {
	let [turns, longestTurn, left] = [1, 0, budget.remainingSteps];
	const endTurn = () => {
		longestTurn = Math.max(longestTurn, left - budget.remainingSteps);
		left = budget.remainingSteps;
	};
	const outcome = () => {
		try {
			const search = compilePattern(pattern).search(text, budget);
			endTurn();
			for (; search.paused; turns += 1) {
				budget.yielded();
				search.proceed();
				endTurn();
			}
			return search.match === undefined ? 'no match' : 'match';
		} catch (error) {
			if (error instanceof PatternBudgetError) return error.reason;
			throw error;
		}
	};
	return {
		outcome: outcome(),
		turns,
		longestTurn,
		steps: budget.totalSteps - budget.remainingSteps,
	};
}
