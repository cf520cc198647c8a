import { afterEach, describe, expect, it, vi } from 'vitest';
import { StateMemory } from '../../../nodes/core/regex/engine/memory';
import { compilePattern, MatchBudget, PatternSyntaxError } from '../../../nodes/core/regex/pattern';
import type { OracleCase } from '../../support/dotnet/oracle';
import { toOptions } from './matching';
import { balancingCases, randomCases } from './random-cases';

const CASES = 2000;

/** Makes searches remember from the first step on, or never. */
function remember(isDue: boolean): void {
	vi.spyOn(StateMemory.prototype, 'isDue').mockReturnValue(isDue);
}

function answerOf({ pattern, options, input }: OracleCase): unknown {
	try {
		const compiled = compilePattern(pattern, toOptions(options));
		const match = compiled.match(input, new MatchBudget());
		return match && { ...match, groups: [...match.groups] };
	} catch (error) {
		if (error instanceof PatternSyntaxError) return 'refused';
		throw error;
	}
}

afterEach(() => {
	vi.restoreAllMocks();
});

describe('the memory of states', () => {
	it('changes no match and no capture', () => {
		const cases = [...randomCases(CASES, 1), ...balancingCases(CASES, 1)];
		remember(false);
		const without = cases.map(answerOf);
		remember(true);
		expect(cases.map(answerOf)).toEqual(without);
	});
});
