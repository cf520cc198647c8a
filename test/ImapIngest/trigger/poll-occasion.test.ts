import { describe, expect, it } from 'vitest';

import {
	isActivating,
	notePolled,
	scanBudget,
} from '../../../nodes/ImapIngest/trigger/poll-occasion';

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

describe('scanBudget', () => {
	it.each([
		['that n8n does not tell', {}, false, 180_000],
		['of three fifths of what n8n gives', { getPollBudgetMs: () => 36_000 }, false, 21_600],
		['that is short for somebody who publishes', {}, true, 20_000],
		['that is never longer than n8n gives', { getPollBudgetMs: () => 10_000 }, true, 6_000],
	])('gives a time %s', (_, context, activating, budget) => {
		expect(scanBudget(context, activating)).toBe(budget);
	});
});
