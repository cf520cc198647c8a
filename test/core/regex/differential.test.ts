import { describe, expect, it } from 'vitest';
import { compareEngines, fuzzEngines, GRAMMARS } from './differential';

/** `npm run fuzz` makes the long run. */
const CASES = 400;
/** What is asked is the answer, however busy the machine. */
const NO_HURRY_MS = 300_000;

const createTally = () => ({ cases: 0, printers: 0, answers: 0 });

describe('engines', () => {
	it.each([
		['(?:((?:((a)))*?)){0,3}?\\z', 'aa'],
		['(?:|ab|a){0,2}(?:b|c)', 'ababc'],
		['(?:\\P{L})+?', '😀'],
		['(?:(?:a|.{0,3}?))*', 'aB'],
		['(?:(?:a{0,3}?){2})*', 'a'],
	])('agree on %s, on which they once did not', (pattern, text) => {
		const tally = createTally();
		compareEngines(pattern, text, tally);
		expect(tally.answers).toBeGreaterThan(0);
	});

	it.each(GRAMMARS)('agree on %s', { timeout: NO_HURRY_MS }, (_, grammar) => {
		const tally = createTally();
		fuzzEngines(grammar, CASES, tally);
		// Without anything to compare a case proves nothing; a tenth or so are refused.
		expect(tally.answers).toBeGreaterThan(CASES / 2);
	});
});
