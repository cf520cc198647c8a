import { afterEach, describe, expect, it, vi } from 'vitest';
import { StateMemory } from '../../../nodes/core/regex/engine/memory';
import { compilePattern, MatchBudget, PatternSyntaxError } from '../../../nodes/core/regex/pattern';
import type { OracleCase } from '../../support/dotnet/oracle';
import { toOptions } from './matching';
import { balancingCases, randomCases } from './random-cases';

const CASES = 2000;
const { reset } = StateMemory.prototype;

/** Makes searches remember from a step on. */
function rememberFrom(steps: number): void {
	vi.spyOn(StateMemory.prototype, 'reset').mockImplementation(function (
		this: StateMemory,
		textLength: number,
	) {
		reset.call(this, textLength);
		this.patience = steps;
	});
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
		rememberFrom(Infinity);
		const without = cases.map(answerOf);
		rememberFrom(0);
		expect(cases.map(answerOf)).toEqual(without);
	});
});
