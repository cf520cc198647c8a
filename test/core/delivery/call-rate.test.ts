import { describe, expect, it } from 'vitest';

import {
	batchFor,
	chanceOfFailure,
	NEW_RATE,
	noteRun,
} from '../../../nodes/core/delivery/call-rate';
import {
	AUTOMATIC,
	batchLimit,
	isToHalve,
	NEW_FLOW,
	toBatchPolicy,
} from '../../../nodes/core/delivery/flow';
import { SeededChoice } from '../../chaos/seeded-choice';

/** What is known after so many executions, each as large as is best by what was known before. */
function learn(part: number, executions: number, known = NEW_RATE) {
	const choice = new SeededChoice(7);
	let rate = known;
	for (let execution = 0; execution < executions; execution += 1) {
		const size = Math.min(50, batchFor(rate));
		rate = noteRun(rate, size, !choice.chance((1 - part) ** size));
	}
	return rate;
}

describe('how many calls of a receiver fail', () => {
	it.each([
		{ part: 0.02, from: 35, to: 80 },
		{ part: 0.05, from: 14, to: 30 },
		{ part: 0.2, from: 4, to: 7 },
	])('is learned: where $part do, executions have some 1/$part messages', ({ part, from, to }) => {
		const size = batchFor(learn(part, 300));
		expect(size).toBeGreaterThanOrEqual(from);
		expect(size).toBeLessThanOrEqual(to);
	});

	it('is forgotten once they do not fail any more', () => {
		const known = learn(0.2, 300);
		expect(batchFor(learn(0, 1_500, known))).toBeGreaterThan(200);
	});

	it('is not concluded from one failure, which may be due to a message', () => {
		const rate = noteRun(noteRun(NEW_RATE, 50, false), 50, true);
		expect(chanceOfFailure(50, rate)).toBe(0);
		expect(isToHalve(50, 1, rate)).toBe(true);
	});
});

describe('messages whose execution failed', () => {
	it('are tried together again where calls fail now and then, and divided when that goes on', () => {
		const rate = learn(0.05, 300);
		expect(isToHalve(20, 1, rate)).toBe(false);
		expect(isToHalve(20, 6, rate)).toBe(true);
	});

	it.each([50, 500])('are divided where each half is likely to fail, as %s of them are', (size) => {
		expect(isToHalve(size, 1, learn(0.05, 300))).toBe(true);
	});
});

describe('messages per execution', () => {
	it('are as many as may be once an execution runs and none has failed', () => {
		const policy = toBatchPolicy(AUTOMATIC);
		expect(batchLimit(NEW_FLOW, policy, false)).toBe(50);
		expect(batchLimit(NEW_FLOW, policy, true)).toBe(200);
		expect(batchLimit({ ...NEW_FLOW, failures: 1 }, policy, true)).toBe(50);
		expect(batchLimit({ ...NEW_FLOW, limit: 2 }, policy, true)).toBe(2);
	});

	it('are as many as was chosen, whatever the receiver is like', () => {
		expect(toBatchPolicy(500, learn(0.2, 300))).toEqual({ first: 500, most: 500 });
	});

	it('are fewer with Automatic where calls fail', () => {
		const { first, most } = toBatchPolicy(AUTOMATIC, learn(0.05, 300));
		expect(most).toBeLessThan(31);
		expect(first).toBe(most);
		expect(toBatchPolicy(AUTOMATIC)).toEqual({ first: 50, most: 200 });
	});
});
