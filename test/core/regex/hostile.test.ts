import { describe, expect, it } from 'vitest';
import { runGuarded } from '../../../nodes/core/regex/engines/guard';
import { compilePattern, MatchBudget, PatternBudgetError } from '../../../nodes/core/regex/pattern';
import type { Guard } from '../../../nodes/core/regex/match-budget';

/** What is asked is the answer, however busy the machine. */
const NO_HURRY_MS = 60_000;
const FIVE_MEGABYTES = 5_000_000;

/** Matches with the real guard; says what came of it and what the guard was asked for. */
function attack(source: string, text: string, stretchMs = 200) {
	const timeouts: number[] = [];
	const guard: Guard = (task, timeoutMs) => {
		timeouts.push(timeoutMs);
		return runGuarded(task, timeoutMs);
	};
	const budget = new MatchBudget({
		clock: () => performance.now(),
		guard,
		totalMs: Math.max(1000, stretchMs),
		stretchMs,
		textLength: 6_000_000,
	});
	try {
		const match = compilePattern(source).match(text, budget);
		return { outcome: match === undefined ? 'no match' : 'match', timeouts };
	} catch (error) {
		if (error instanceof PatternBudgetError) return { outcome: error.reason, timeouts };
		throw error;
	}
}

const repeated = (unit: string, length: number, suffix = '') =>
	unit.repeat(Math.ceil(length / unit.length)) + suffix;

describe.each([100_000, FIVE_MEGABYTES])(
	'a text of %i characters',
	{ timeout: NO_HURRY_MS },
	(length) => {
		it.each([
			['(a+)+$', 'a', '!'],
			['(.*)*x', 'a', ''],
			['^(\\w+\\s?)*$', 'aaaa ', '!'],
			['(x+x+)+y', 'x', ''],
			['white.+rabbit', 'white ', 'rabbi'],
			['\\s+$', ' ', 'x'],
			['(a|b)*a(a|b){12}x', 'ab', ''],
			['(\\w+\\s)*(\\w+)@(\\w+\\.)+com', 'aa ', ''],
			['\\bfoo.+bar\\b', 'foo ä ', 'ba'],
		])('is decided or given up for %s', (pattern, unit, suffix) => {
			const { outcome } = attack(pattern, repeated(unit, length, suffix));
			expect(['no match', 'time', 'memory']).toContain(outcome);
		});

		it.each([
			['(?<!x)(a+)+$', 'a', '!'],
			['(a+)\\1+$', 'a', '!'],
			['^(?=(?<x>(a+)+)$)', 'a', '!'],
			['(?>(?:a|a)+)+(?=b)', 'a', '!'],
			['(?i)(?:(a)|b)+\\1c', 'ab', ''],
			['^(?:(?=.*a).)*x', 'ab ', ''],
			['^(?:(?<=^.*).)*$', 'ab ', '\n\n'],
			['^(?:(?>.*a)|(?<=a.*).)*?x', 'ab ', ''],
		])(
			'is given up under guard for %s, which only backtracking can run',
			(pattern, unit, suffix) => {
				const { outcome, timeouts } = attack(pattern, repeated(unit, length, suffix));
				expect(['time', 'memory', 'no match']).toContain(outcome);
				expect(timeouts).not.toEqual([]);
				for (const timeout of timeouts) expect(timeout).toBeLessThanOrEqual(200);
			},
		);

		it.each([
			['white.+rabbit', 'white ', 'rabbit'],
			['(?<word>\\w+) zzz(\\d+)', 'lorem ipsum\n', 'end zzz7'],
			['(?i)skills: (?<skills>.+)', 'lorem ipsum\n', 'SKILLS: kung fu'],
			['(?<=ticket #)\\d+', 'lorem ipsum\n', 'ticket #42'],
			['\\bregards\\b', 'lorem ipsum\n', 'regards'],
		])('matches %s at its end', (pattern, unit, suffix) => {
			expect(attack(pattern, repeated(unit, length, suffix), NO_HURRY_MS).outcome).toBe('match');
		});
	},
);

describe('a pattern made to be large', { timeout: NO_HURRY_MS }, () => {
	it.each([
		['counts in counts', '(?:.{1,1000}){1,1000}x'],
		['counts in counts in counts', '(?:(?:.{1000}){1000}){1000}x'],
		['unrolled repeats', `${'(?:'.repeat(190)}a${'){3}'.repeat(190)}x`],
		['alternatives', `(?:${Array.from({ length: 900 }, (_, i) => String(i)).join('|')})+x`],
		['Unicode classes', `(?:\\w\\s)${'[\\w-[\\d]]'.repeat(400)}x`],
		['optional parts', `${'a?'.repeat(1000)}${'a'.repeat(1000)}b`],
		['optional groups', `^${'(?:a|b)?'.repeat(400)}$`],
		['look-arounds', `${'(?=.*a)'.repeat(500)}x`],
		['nested look-arounds', `${'(?=a*'.repeat(190)}b${')'.repeat(190)}`],
		['captures in repeats', `${'(?:(a)|'.repeat(150)}b${')*'.repeat(150)}x`],
		['a search that V8 compiles for hours', `(?s:.*?)${'[ab]?'.repeat(60)}${'c'.repeat(20)}`],
		['choices that V8 compiles for hours', `x(?:${'(?:a|ab|)'.repeat(40)})dddddddddd`],
		['repeats of nothing much', `${'\\w*\\s*'.repeat(100)}z{9}`],
		['look-ahead and optional parts', `(?=a)${'a?'.repeat(100)}${'a'.repeat(100)}b`],
		['conditions', `${'(?(?=a)a|b)'.repeat(300)}x`],
	])('with %s is decided or given up', (_, pattern) => {
		for (const text of ['a'.repeat(2000), 'aä'.repeat(1000)]) {
			expect(['no match', 'match', 'time', 'memory']).toContain(attack(pattern, text).outcome);
		}
	});
});
