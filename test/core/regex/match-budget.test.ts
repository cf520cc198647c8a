import { describe, expect, it } from 'vitest';
import { GuardTimeoutError, runGuarded } from '../../../nodes/core/regex/engines/guard';
import { compilePattern, MatchBudget, PatternBudgetError } from '../../../nodes/core/regex/pattern';
import type { Guard, MatchBudgetOptions } from '../../../nodes/core/regex/match-budget';

/** A clock that guarded tasks move on, and a guard that notes what it was asked for. */
function createBudget(
	options: Partial<MatchBudgetOptions> & { taskMs?: number; ends?: boolean } = {},
) {
	const { taskMs = 0, ends = false, ...limits } = options;
	let now = 0;
	const timeouts: number[] = [];
	const guard: Guard = (task, timeoutMs) => {
		timeouts.push(timeoutMs);
		now += Math.min(taskMs, timeoutMs);
		if (ends) throw new GuardTimeoutError('ended');
		return task();
	};
	return { budget: new MatchBudget({ clock: () => now, guard, ...limits }), timeouts };
}

function errorOf(task: () => unknown): PatternBudgetError {
	try {
		task();
	} catch (error) {
		if (error instanceof PatternBudgetError) return error;
		throw error;
	}
	throw new Error('the match was decided');
}

const LONG_TEXT = 'x'.repeat(100_000);
/** Has a look-ahead, so that only V8 can run it, and could be slow on a long text, though not on this one. */
const GUARDED = compilePattern('(?=(a+)b)');

describe('a message budget', () => {
	it('is asked for the longest stretch at first', () => {
		const { budget, timeouts } = createBudget();
		GUARDED.match(LONG_TEXT, budget);
		expect(timeouts).toEqual([200]);
	});

	it('is shared by all patterns of the message', () => {
		const { budget, timeouts } = createBudget({ totalMs: 500, taskMs: 200 });
		for (const pattern of ['(?=(a+)b)', '(?=(a+)c)', '(?=(a+)d)']) {
			compilePattern(pattern).match(LONG_TEXT, budget);
			budget.yielded();
		}
		expect(timeouts).toEqual([200, 200, 100]);
		expect(budget.remainingMs).toBe(0);
	});

	it('keeps the event loop waiting no longer than one stretch, however many patterns there are', () => {
		const { budget, timeouts } = createBudget({ taskMs: 100 });
		for (const pattern of ['(?=(a+)b)', '(?=(a+)c)', '(?=(a+)d)']) {
			compilePattern(pattern).match(LONG_TEXT, budget);
		}
		expect(timeouts).toEqual([200, 100, 1]);
	});

	it('once used up leaves every further match undecided, even a simple one', () => {
		const { budget, timeouts } = createBudget({ totalMs: 200, taskMs: 200 });
		GUARDED.match(LONG_TEXT, budget);
		const error = errorOf(() => compilePattern('b').match('abc', budget));
		expect(error.reason).toBe('time');
		expect(timeouts).toHaveLength(1);
	});

	it('charges the time of a match that was ended', () => {
		const { budget } = createBudget({ taskMs: 1000, ends: true });
		const error = errorOf(() => GUARDED.match(LONG_TEXT, budget));
		expect(error.code).toBe('undecided');
		expect(error.message).toContain('(?=(a+)b)');
		expect(error.message).toContain('200 ms');
		expect(error.textLength).toBe(LONG_TEXT.length);
		expect(budget.remainingMs).toBe(800);
	});

	it('asks to let the event loop run after 40 ms, until told that it has', () => {
		const { budget } = createBudget({ taskMs: 40 });
		expect(budget.shouldYield).toBe(false);
		GUARDED.match(LONG_TEXT, budget);
		expect(budget.shouldYield).toBe(true);
		budget.yielded();
		expect(budget.shouldYield).toBe(false);
	});

	it('does not try a text beyond the limit', () => {
		const { budget, timeouts } = createBudget({ textLength: 10 });
		expect(compilePattern('b$').match('aaaaaaaaab', budget)?.index).toBe(9);
		const error = errorOf(() => compilePattern('b$').match('aaaaaaaaaab', budget));
		expect(error.reason).toBe('textLength');
		expect(error.message).toContain('10 characters');
		expect(timeouts).toEqual([]);
	});

	it('takes texts up to 1 MiB characters unless told otherwise', () => {
		const { budget } = createBudget();
		const text = 'a'.repeat(1024 * 1024);
		expect(compilePattern('b').match(text, budget)).toBeUndefined();
		expect(errorOf(() => compilePattern('b').match(`${text}a`, budget)).reason).toBe('textLength');
	});

	it('looks at a text once', () => {
		const { budget } = createBudget();
		expect(budget.traitsOf('ä')).toBe(budget.traitsOf('ä'));
	});
});

describe('the guard', () => {
	it('gives back what the task gives back', () => {
		expect(runGuarded(() => ({ value: 1 }), 1000)).toEqual({ value: 1 });
		expect(runGuarded(() => undefined, 1000)).toBeUndefined();
	});

	it('throws what the task throws', () => {
		const error = new RangeError('of the task');
		expect(() =>
			runGuarded(() => {
				throw error;
			}, 1000),
		).toThrow(error);
	});

	it.each([
		['a regular expression', () => /^(?=(a+)+$)/.test(`${'a'.repeat(100)}!`)],
		[
			'a loop',
			() => {
				for (;;);
			},
		],
	])('ends %s that does not end by itself, and can be used again', (_, task) => {
		expect(() => runGuarded<unknown>(task, 20)).toThrow(GuardTimeoutError);
		expect(runGuarded(() => 'again', 1000)).toBe('again');
	});

	it('does not let an ended task clean up behind it', () => {
		const seen: string[] = [];
		const task = () => {
			try {
				for (;;);
			} finally {
				seen.push('finally');
			}
		};
		expect(() => runGuarded(task, 20)).toThrow(GuardTimeoutError);
		expect(seen).toEqual([]);
	});
});
