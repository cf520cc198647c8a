import { describe, expect, it } from 'vitest';
import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { FAILING, MATCHING, OPEN } from './hostile-rows';
import { matchByTurns } from './matching';

const LENGTH = 100_000;
/** Of the budget, and what one instruction may take beyond it. */
const TURN_STEPS = 50_000 + 2 * LENGTH;
const LARGE_PATTERN_STEPS = 3_000_000;

const textOf = (unit: string, end: string) => unit.repeat(Math.ceil(LENGTH / unit.length)) + end;
const attack = (pattern: string, text: string, totalSteps = 30_000_000) =>
	matchByTurns(pattern, text, new MatchBudget({ totalSteps }));

describe('a text of 100,000 characters', () => {
	it.each(FAILING)('is decided for %s, which has many ways to fail', (pattern, unit, end) => {
		const { outcome, longestTurn } = attack(pattern, textOf(unit, end));
		expect(outcome).toBe('no match');
		expect(longestTurn).toBeLessThan(TURN_STEPS);
	});

	it.each(MATCHING)('is decided for %s, which matches', (pattern, unit, end) => {
		const { outcome, longestTurn } = attack(pattern, textOf(unit, end));
		expect(outcome).toBe('match');
		expect(longestTurn).toBeLessThan(TURN_STEPS);
	});

	it.each(OPEN)('is given up for %s after the same steps each time', (pattern, unit, end) => {
		const { outcome, steps, longestTurn } = attack(pattern, textOf(unit, end), 1_000_000);
		expect({ outcome, steps }).toEqual({ outcome: 'steps', steps: 1_000_000 });
		expect(longestTurn).toBeLessThan(TURN_STEPS);
	});

	it.each([...FAILING, ...MATCHING].slice(0, 20))(
		'takes the same steps again for %s',
		(pattern, unit, end) => {
			const text = textOf(unit, end);
			expect(attack(pattern, text)).toEqual(attack(pattern, text));
		},
	);
});

describe('a pattern made to be large', () => {
	it.each([
		['counts in counts', '(?:.{1,1000}){1,1000}x'],
		['counts in counts in counts', '(?:(?:.{1000}){1000}){1000}x'],
		['unrolled repeats', `${'(?:'.repeat(190)}a${'){3}'.repeat(190)}x`],
		['many counts', '(?:ab){1000}'.repeat(200)],
		['alternatives', `(?:${Array.from({ length: 900 }, (_, i) => String(i)).join('|')})+x`],
		['Unicode classes', `(?:\\w\\s)${'[\\w-[\\d]]'.repeat(400)}x`],
		['optional parts', `${'a?'.repeat(1000)}${'a'.repeat(1000)}b`],
		['optional groups', `^${'(?:a|b)?'.repeat(400)}$`],
		['look-arounds', `${'(?=.*a)'.repeat(500)}x`],
		['nested look-arounds', `${'(?=a*'.repeat(190)}b${')'.repeat(190)}`],
		['captures in repeats', `${'(?:(a)|'.repeat(150)}b${')*'.repeat(150)}x`],
		['optional classes', `(?s:.*?)${'[ab]?'.repeat(60)}${'c'.repeat(20)}`],
		['choices', `x(?:${'(?:a|ab|)'.repeat(40)})dddddddddd`],
		['repeats of nothing much', `${'\\w*\\s*'.repeat(100)}z{9}`],
		['conditions', `${'(?(?=a)a|b)'.repeat(300)}x`],
	])('with %s is decided or given up', (_, pattern) => {
		for (const text of ['a'.repeat(2000), 'aä'.repeat(1000)]) {
			const { outcome } = attack(pattern, text, LARGE_PATTERN_STEPS);
			expect(['no match', 'match', 'steps', 'memory']).toContain(outcome);
		}
	});
});
