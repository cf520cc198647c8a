import { describe, expect, it } from 'vitest';

import { MatchBudget } from '../../nodes/core/regex/pattern';
import { FAILING, MATCHING, textOf } from '../core/regex/hostile-rows';
import { matchByTurns } from '../core/regex/matching';

const LENGTH = 100_000;
/** Of the budget, and what one instruction may take beyond it. */
const TURN_STEPS = 50_000 + 2 * LENGTH;

describe.each([
	{ outcome: 'no match', rows: FAILING },
	{ outcome: 'match', rows: MATCHING },
])('on a text of 100,000 characters', ({ outcome, rows }) => {
	it.each(rows)(`%s comes to a ${outcome} by short turns`, (pattern, unit, end) => {
		const found = matchByTurns(pattern, textOf(LENGTH, unit, end), new MatchBudget());
		expect(found.outcome).toBe(outcome);
		expect(found.longestTurn).toBeLessThan(TURN_STEPS);
	});
});
