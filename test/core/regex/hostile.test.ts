import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../nodes/core/regex/parse/parser';
import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { compileProgram } from '../../../nodes/core/regex/program/compile';
import { UnitSets } from '../../../nodes/core/regex/sets/unit-set';
import { FAILING, MATCHING, OPEN, textOf } from './hostile-rows';
import { matchByTurns } from './matching';

const LENGTH = 100_000;
const SHORT = 1500;
const TOTAL_STEPS = 30_000_000;
const FEW_STEPS = 300_000;

const attack = (pattern: string, text: string, totalSteps = TOTAL_STEPS) =>
	matchByTurns(pattern, text, new MatchBudget({ totalSteps }));

// test/hostile/patterns.test.ts runs them on 100,000 characters.
describe.each([
	{ outcome: 'no match', rows: FAILING },
	{ outcome: 'match', rows: MATCHING },
])('of twice the text', ({ outcome, rows }) => {
	it.each(rows)(`%s makes twice the steps to a ${outcome}`, (pattern, unit, end) => {
		const [short, long] = [SHORT, 2 * SHORT].map((length) =>
			attack(pattern, textOf(length, unit, end)),
		);
		expect([short?.outcome, long?.outcome]).toEqual([outcome, outcome]);
		expect(long?.steps).toBeLessThan(2.2 * (short?.steps ?? 0));
		// So that 100,000 characters are decided.
		expect(((long?.steps ?? 0) * LENGTH) / (2 * SHORT)).toBeLessThan(TOTAL_STEPS);
	});
});

describe('more steps than there are', () => {
	it.each(OPEN)('are what %s wants, each time the same', (pattern, unit, end) => {
		const text = textOf(LENGTH, unit, end);
		const { outcome, steps, longestTurn } = attack(pattern, text, FEW_STEPS);
		expect({ outcome, steps }).toEqual({ outcome: 'steps', steps: FEW_STEPS });
		expect(longestTurn).toBeLessThan(50_000 + 2 * LENGTH);
	});
});

const nest = (opening: string, closing: string, depth: number) =>
	`${opening.repeat(depth)}b${closing.repeat(depth)}`;

function instructionsOf(pattern: string): number {
	const sets = new UnitSets();
	return compileProgram(parsePattern(pattern, {}, sets), sets).instructions.length;
}

describe('a pattern made to be large', () => {
	it.each([')+', ')*?', '){3}', '){1,3}', '){0,2}?', '){2,}', ')+c', ')?|c'])(
		'makes no large program by what is nested, closed by %s',
		(closing) => {
			for (const opening of ['(?:a', '(', '(?>', '(?=', '(?:a?', '(?(?=a)']) {
				expect(instructionsOf(nest(opening, closing, 14))).toBeLessThan(5_000);
				expect(instructionsOf(nest(opening, closing, 60))).toBeLessThan(5_000);
			}
		},
	);

	it.each([
		['counts in counts', '(?:.{1,1000}){1,1000}[x~]'],
		['counts in counts in counts', '(?:(?:.{1000}){1000}){1000}[x~]'],
		['unrolled repeats', `${'(?:'.repeat(190)}a${'){3}'.repeat(190)}[x~]`],
		['many counts', '(?:ab){1000}'.repeat(200)],
		['alternatives', `(?:${Array.from({ length: 900 }, (_, i) => String(i)).join('|')})+[x~]`],
		['Unicode classes', `(?:\\w\\s)${'[\\w-[\\d]]'.repeat(400)}[x~]`],
		['optional parts', `${'a?'.repeat(1000)}${'a'.repeat(1000)}[b~]`],
		['optional groups', `^${'(?:a|b)?'.repeat(400)}$`],
		['look-arounds', `${'(?=.*a)'.repeat(500)}[x~]`],
		['nested look-arounds', `${'(?=a*'.repeat(190)}b${')'.repeat(190)}`],
		['captures in repeats', `${'(?:(a)|'.repeat(150)}b${')*'.repeat(150)}[x~]`],
		['optional classes', `(?s:.*?)${'[ab]?'.repeat(60)}${'c'.repeat(20)}`],
		['choices', `x(?:${'(?:a|ab|)'.repeat(40)})dddddddddd`],
		['repeats of nothing much', `${'\\w*\\s*'.repeat(100)}[z~]{9}`],
		['conditions', `${'(?(?=a)a|b)'.repeat(300)}[x~]`],
	])('with %s is decided or given up', (_, pattern) => {
		for (const text of ['a'.repeat(2000), 'aä'.repeat(1000)]) {
			const { outcome } = attack(pattern, text, FEW_STEPS);
			expect(['no match', 'match', 'steps', 'memory']).toContain(outcome);
		}
	});
});
