import { describe, expect, it } from 'vitest';
import { compilePattern, MatchBudget, PatternBudgetError } from '../../../nodes/core/regex/pattern';
import { matchByTurns } from './matching';

function errorOf(task: () => unknown): PatternBudgetError {
	try {
		task();
	} catch (error) {
		if (error instanceof PatternBudgetError) return error;
		throw error;
	}
	throw new Error('the match was decided');
}

/** Tries the square of the length of such a text. */
const SLOW = '(x+)\\1y?z*[!?]';
const TEXT = 'x'.repeat(2000);

describe('a message budget', () => {
	it('is shared by all patterns of the message', () => {
		const budget = new MatchBudget({ totalSteps: 100_000 });
		compilePattern('x').match('x', budget);
		const afterFirst = budget.remainingSteps;
		expect(afterFirst).toBeLessThan(100_000);
		compilePattern('x').match('x', budget);
		expect(budget.remainingSteps).toBe(2 * afterFirst - 100_000);
	});

	it('once used up leaves every further match undecided, even a simple one', () => {
		const budget = new MatchBudget({ totalSteps: 1000 });
		errorOf(() => compilePattern(SLOW).match(TEXT, budget));
		const error = errorOf(() => compilePattern('b').match('abc', budget));
		expect(error.reason).toBe('steps');
		expect(budget.remainingSteps).toBe(0);
	});

	it('says in its error which pattern, how much, and how long the text was', () => {
		const error = errorOf(() =>
			compilePattern(SLOW).match(TEXT, new MatchBudget({ totalSteps: 20_000 })),
		);
		expect(error.code).toBe('undecided');
		expect(error.message).toContain(SLOW);
		expect(error.message).toContain('20,000 steps');
		expect(error.textLength).toBe(TEXT.length);
	});

	it('asks to let the event loop run after one turn of steps, until told that it has', () => {
		const budget = new MatchBudget({ turnSteps: 1000 });
		expect(budget.shouldYield).toBe(false);
		const search = compilePattern(SLOW).search(TEXT, budget);
		expect(search.paused).toBe(true);
		expect(budget.shouldYield).toBe(true);
		budget.yielded();
		expect(budget.shouldYield).toBe(false);
	});

	it('gives many short matches one turn together', () => {
		const budget = new MatchBudget({ turnSteps: 1000 });
		const pattern = compilePattern('x');
		let matches = 0;
		for (; !budget.shouldYield; matches += 1) pattern.match('x', budget);
		expect(matches).toBeGreaterThan(10);
		expect(matches).toBeLessThan(100);
	});

	it('gives the same verdict after the same steps, however long the turns are', () => {
		const run = (turnSteps: number, totalSteps = 10_000_000) =>
			matchByTurns('(x+)\\1y?z*[!?]', 'x'.repeat(300), new MatchBudget({ turnSteps, totalSteps }));
		const [short, long] = [run(500), run(10_000_000)];
		expect(long).toMatchObject({ outcome: 'no match', turns: 1 });
		expect(short.steps).toBe(long.steps);
		expect(short.turns).toBeGreaterThan(10);
		expect(run(500, long.steps - 1).outcome).toBe('steps');
	});

	it('leaves a pattern usable while another search of it stands still', () => {
		const pattern = compilePattern('(x+)\\1y?[!?]');
		const budget = new MatchBudget({ turnSteps: 100 });
		const search = pattern.search(`${'x'.repeat(301)}!`, budget);
		expect(search.paused).toBe(true);
		expect(pattern.match('xx!', new MatchBudget())?.value).toBe('xx!');
		while (search.paused) search.proceed();
		expect(search.match?.index).toBe(1);
	});

	it('does not try a text beyond the limit', () => {
		const budget = new MatchBudget({ textLength: 10 });
		expect(compilePattern('b$').match('aaaaaaaaab', budget)?.index).toBe(9);
		const error = errorOf(() => compilePattern('b$').match('aaaaaaaaaab', budget));
		expect(error.reason).toBe('textLength');
		expect(error.message).toContain('10 characters');
	});

	it('takes texts up to 1 MiB characters unless told otherwise', () => {
		const text = 'a'.repeat(1024 * 1024);
		const match = (longer: string) => compilePattern('b').match(longer, new MatchBudget());
		expect(match(text)).toBeUndefined();
		expect(errorOf(() => match(`${text}a`)).reason).toBe('textLength');
	});
});
