import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Domain } from '../../../nodes/core/regex/sets/character-sets';
import {
	createLinearMatcher,
	createNativeMatcher,
	createStepwiseMatcher,
	type Matcher,
} from '../../../nodes/core/regex/engines/engines';
import {
	capturesEmptyRounds,
	isExactInJavaScript,
} from '../../../nodes/core/regex/engines/exactness';
import { NativeSearch } from '../../../nodes/core/regex/cost/native-search';
import { parsePattern } from '../../../nodes/core/regex/parse/parser';
import {
	compilePattern,
	MatchBudget,
	type PatternMatch,
	type PatternOptions,
} from '../../../nodes/core/regex/pattern';
import { createSearchStart } from '../../../nodes/core/regex/cost/search-start';
import type { PatternTree } from '../../../nodes/core/regex/syntax-tree';
import { TextTraits } from '../../../nodes/core/regex/cost/text-traits';
import { isUnitSensitive } from '../../../nodes/core/regex/engines/unit-sensitivity';

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

export interface Vector {
	readonly pattern: string;
	/** Letters of RegexOptions, from `imnsx`. */
	readonly options: string;
	readonly input: string;
	readonly expected: Expectation;
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

/** Parses a pattern with options given as letters. */
export function parse(pattern: string, letters = ''): PatternTree {
	const { ignorePatternWhitespace, ...options } = toOptions(letters);
	return parsePattern(pattern, { ...options, ignoreWhitespace: ignorePatternWhitespace });
}

/** A budget with the real clock and guard, and the usual time unless given. */
export function realBudget(milliseconds?: number): MatchBudget {
	return new MatchBudget({
		clock: () => performance.now(),
		...(milliseconds !== undefined && { totalMs: milliseconds, stretchMs: milliseconds }),
	});
}

/** What is asked is the answer, however busy the machine. */
const NO_HURRY_MS = 60_000;

/** Matches once, with plenty of time. */
export function matchOnce(pattern: string, input: string, letters = ''): PatternMatch | undefined {
	return compilePattern(pattern, toOptions(letters)).match(input, realBudget(NO_HURRY_MS));
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

/** From the smallest on, each having what the one before has. */
const DOMAINS: readonly Domain[] = ['ascii', 'common', 'unicode'];

/** Every engine that must give .NET's answer for a pattern on a text, by name: all, or with the programs chosen for such a text. */
export function enginesFor(
	tree: PatternTree,
	text: string,
	which: 'all' | 'chosen' = 'all',
): ReadonlyMap<string, Matcher> {
	const traits = new TextTraits(text);
	const { domain, surrogates, lineFeedsOnly } = traits;
	const domains = which === 'all' ? DOMAINS.slice(DOMAINS.indexOf(domain)) : [domain];
	const from = createSearchStart(tree.root)(text);
	const engines = new Map<string, Matcher>();
	for (const domain of domains) {
		engines.set(`stepwise ${domain}`, createStepwiseMatcher(tree, domain));
		if (isExactInJavaScript(tree.root)) {
			const search = new NativeSearch(tree, domain, lineFeedsOnly);
			engines.set(`native ${domain}`, createNativeMatcher(tree, tree.root, domain, false).match);
			engines.set(`native ${domain} from where a match may begin`, () =>
				from === -1 ? undefined : search.matcher.match(text, from),
			);
			const decision = search.decideAtPlaces(text, Math.max(0, from));
			if (decision !== undefined) engines.set(`native ${domain} at places`, () => decision.match);
		}
		const linear =
			surrogates && isUnitSensitive(tree.root) ? undefined : createLinearMatcher(tree, domain);
		if (linear !== undefined && !capturesEmptyRounds(tree.root)) {
			engines.set(`linear ${domain}`, linear.match);
		}
	}
	return engines;
}
