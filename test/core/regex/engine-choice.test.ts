import { describe, expect, it } from 'vitest';
import { GuardTimeoutError, runGuarded } from '../../../nodes/core/regex/engines/guard';
import { compilePattern, MatchBudget, PatternBudgetError } from '../../../nodes/core/regex/pattern';
import type { Guard } from '../../../nodes/core/regex/match-budget';

const NO_HURRY_MS = 60_000;

/** A budget whose guard notes what it was asked for and gives more; `endFirst` ends so many tasks unrun. */
function createBudget({ endFirst = 0, textLength = 10_000_000 } = {}) {
	const timeouts: number[] = [];
	let now = 0;
	const guard: Guard = (task, timeoutMs) => {
		timeouts.push(timeoutMs);
		if (timeouts.length <= endFirst) {
			now += timeoutMs;
			throw new GuardTimeoutError('ended');
		}
		return runGuarded(task, NO_HURRY_MS);
	};
	const budget = new MatchBudget({ clock: () => now, guard, textLength });
	return { budget, timeouts };
}

describe('the engine of a pattern', () => {
	it.each([
		'^alert - (?<subject>.+)$',
		'(?i)^re: ',
		'\\bhost\\b',
		'(?<x>a$)',
		'[\\w-[\\d]]+',
		'🚨 alert',
		'(?:(a)|b)*',
	])('of %s is linear', (pattern) => {
		expect(compilePattern(pattern).engine).toBe('linear');
	});

	it.each(['a(?=b)', '(?<!a)b', '(a)\\1', '(?>a+)b', 'a$\\n', '.{0,2000}z', '(?(?=a)b|c)'])(
		'of %s is time-limited',
		(pattern) => {
			expect(compilePattern(pattern).engine).toBe('timeLimited');
		},
	);
});

describe('the guard', () => {
	const header = 'alert - hull breach on deck 5';

	it.each([
		'^alert - (?<subject>.+)$',
		'\\w+(?= breach)',
		'(?<!x)hull',
		'(.)\\1',
		'(?>hu)ll',
		'(?i)HULL',
	])('is not asked for %s on a header', (pattern) => {
		const { budget, timeouts } = createBudget();
		expect(compilePattern(pattern).match(header, budget)).toBeDefined();
		expect(timeouts).toEqual([]);
	});

	it.each(['(a+)+$', '(?:a|a)+$', '^(?:a?){100}b', '(?:(x)|a)*b'])(
		'is not asked for %s on a header, since RE2 is linear',
		(pattern) => {
			const { budget, timeouts } = createBudget();
			expect(compilePattern(pattern).match(`${'a'.repeat(100)}!`, budget)).toBeUndefined();
			expect(timeouts).toEqual([]);
		},
	);

	it.each(['(?:(x)|a)*(?!a)z', '(?i)(?:(b)|a)+\\1z'])(
		'is asked for %s even on a short text, since it is matched step by step',
		(pattern) => {
			const { budget, timeouts } = createBudget();
			expect(compilePattern(pattern).match('aaab', budget)).toBeUndefined();
			expect(timeouts).toHaveLength(1);
		},
	);

	it.each([
		'white.+rabbit',
		'(?i)Skills: (?<skills>.+)',
		'\\bregards\\b',
		'(?m)^Host: (?<host>.+)$',
	])('is not asked for %s on an ordinary long body, where its beginning is rare', (pattern) => {
		const { budget, timeouts } = createBudget();
		const lines = 'lorem ipsum dolor sit amet\n'.repeat(8000);
		const text = `${lines}white rabbit\nskills: kung fu\nHost: db7\nregards`;
		expect(compilePattern(pattern).match(text, budget)).toBeDefined();
		expect(timeouts).toEqual([]);
	});

	it(
		'is asked by V8 first on a long text, and by RE2 when V8 was ended',
		{ timeout: NO_HURRY_MS },
		() => {
			const { budget, timeouts } = createBudget({ endFirst: 1 });
			const text = `${'white '.repeat(200_000)}rabbit`;
			const match = compilePattern('white.+(?<who>rabbit)').match(text, budget);
			expect(match?.index).toBe(0);
			expect(match?.groups.get('who')).toBe('rabbit');
			expect(timeouts).toEqual([50, 150]);
		},
	);

	it(
		'ending both engines leaves the match undecided, and the pattern usable',
		{ timeout: NO_HURRY_MS },
		() => {
			const pattern = compilePattern('white.+rabbit');
			const text = `${'white '.repeat(200_000)}rabbit`;
			const { budget } = createBudget({ endFirst: 2 });
			expect(() => pattern.match(text, budget)).toThrow(PatternBudgetError);
			expect(pattern.match(text, createBudget().budget)?.value).toHaveLength(text.length);
		},
	);

	it('is asked where RE2 finds the match but not the last empty round', () => {
		const { budget, timeouts } = createBudget();
		const match = compilePattern('(a*)+b').match('aab', budget);
		expect(match?.groups.get('1')).toBe('');
		expect(timeouts).toHaveLength(1);
	});
});

describe('characters beyond ASCII', () => {
	it.each([
		['\\bÄrger\\b', 'der Ärger da', 'Ärger'],
		['(?:(?<a>x)|(?<b>ä))+\\b', 'xä xä', 'xä'],
		['^(?<s>.+)!$', 'ok 😀!', 'ok 😀!'],
		['^.{4}$', '😀😀', '😀😀'],
		['🚨 (?<what>\\w+)', 'x 🚨 Ärger', '🚨 Ärger'],
		['(?i)🚨 ALERT', '🚨 alert', '🚨 alert'],
		['^[^a]$', 'ä', 'ä'],
		['.{3}$', 'a😀', 'a😀'],
		['(?:.|x){2}', '😀', '😀'],
		['(?:.+,)+', '😀,😀,', '😀,😀,'],
		['^.+.+$', '😀', '😀'],
	])('%s finds its match in %s', (pattern, text, value) => {
		const { budget } = createBudget();
		expect(compilePattern(pattern).match(text, budget)?.value).toBe(value);
	});
});

describe('a name that JavaScript objects have themselves', () => {
	it('is a name like any other', () => {
		const { budget } = createBudget();
		const match = compilePattern('(?<__proto__>a)(?<constructor>b)').match('ab', budget);
		expect([...(match?.groups ?? [])]).toEqual([
			['__proto__', 'a'],
			['constructor', 'b'],
		]);
	});
});
