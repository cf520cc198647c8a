import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GuardTimeoutError, runGuarded } from '../../../nodes/core/regex/guard';
import { PatternSyntaxError } from '../../../nodes/core/regex/pattern';
import { enginesFor, parse, toExpectation } from './matching';
import {
	COMMON_GRAMMAR,
	FULL_GRAMMAR,
	patternsOf,
	textsOf,
	UNICODE_GRAMMAR,
	type Grammar,
} from './pattern-arbitraries';

/** `REGEX_FUZZ_CASES=200000` makes the long run. */
const CASES = Number(process.env['REGEX_FUZZ_CASES'] ?? 400);
const LONG_RUN_MS = 3_600_000;
const ENGINE_MS = 2000;

const grammars: readonly (readonly [string, Grammar])[] = [
	['ASCII patterns that RE2 and JavaScript share', COMMON_GRAMMAR],
	['Unicode patterns that RE2 and JavaScript share', UNICODE_GRAMMAR],
	['patterns with look-around, references and atomic groups', FULL_GRAMMAR],
];

describe('engines', () => {
	it.each([
		['(?:((?:((a)))*?)){0,3}?\\z', 'aa'],
		['(?:|ab|a){0,2}(?:b|c)', 'ababc'],
		['(?:\\P{L})+?', '😀'],
		['(?:(?:a|.{0,3}?))*', 'aB'],
		['(?:(?:a{0,3}?){2})*', 'a'],
	])('agree on %s, on which they once did not', (pattern, text) => {
		expect(compareEngines(pattern, text)).toBeGreaterThan(0);
	});

	it.each(grammars)(
		'agree on %s',
		(_, grammar) => {
			let compared = 0;
			fc.assert(
				fc.property(patternsOf(grammar), textsOf(grammar), (pattern, text) => {
					compared += compareEngines(pattern, text);
				}),
				{ numRuns: CASES },
			);
			// Each case has at least the two stepwise programs or a refusal; without others it would prove nothing.
			expect(compared).toBeGreaterThan(CASES / 2);
		},
		LONG_RUN_MS,
	);
});

/** Compares all engines on a case; returns the number of answers that were compared. */
function compareEngines(pattern: string, text: string): number {
	let engines;
	try {
		engines = enginesFor(parse(pattern), text);
	} catch (error) {
		if (error instanceof PatternSyntaxError) return 0;
		throw error;
	}
	const answers: [string, object][] = [];
	for (const [name, match] of engines) {
		try {
			answers.push([name, toExpectation(runGuarded(() => match(text), ENGINE_MS))]);
		} catch (error) {
			if (!(error instanceof GuardTimeoutError)) throw error;
		}
	}
	const [first, ...others] = answers;
	for (const [name, answer] of others)
		expect({ name, answer }).toEqual({ name, answer: first?.[1] });
	return others.length;
}
