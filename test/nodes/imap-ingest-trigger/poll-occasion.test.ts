import { describe, expect, it } from 'vitest';

import { isActivating, notePolled, pollBudget } from '../../../nodes/shell/poll-occasion';

const withBudget = (ms: number) => ({ getPollBudgetMs: () => ms });

describe('isActivating', () => {
	it('is true of the first poll of a context and of no later one', () => {
		const context = withBudget(300_000);
		expect(isActivating(context)).toBe(true);
		notePolled(context);
		expect(isActivating(context)).toBe(false);
	});

	it('is true of the first poll where n8n names no budget', () => {
		expect(isActivating({})).toBe(true);
	});

	it('is false of a poll of the durable scheduler, which has a context of its own', () => {
		expect(isActivating(withBudget(36_000))).toBe(false);
	});
});

describe('pollBudget', () => {
	it.each([
		['what n8n says', withBudget(36_000), 36_000],
		['five minutes where n8n says nothing', {}, 300_000],
	])('is %s', (_, context, budget) => {
		expect(pollBudget(context)).toBe(budget);
	});
});
