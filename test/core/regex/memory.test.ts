import { afterEach, describe, expect, it, vi } from 'vitest';
import { StateMemory } from '../../../nodes/core/regex/engine/memory';
import { compilePattern, MatchBudget, PatternSyntaxError } from '../../../nodes/core/regex/pattern';
import type { OracleCase } from '../../support/dotnet/oracle';
import { toOptions } from './matching';
import { balancingCases, randomCases } from './random-cases';

const CASES = 1000;

/** Makes searches remember from the first step on, or never. */
function remember(isDue: boolean): void {
	vi.spyOn(StateMemory.prototype, 'isDue').mockReturnValue(isDue);
}

/** The match, without the memory and with it. */
function answersOf({ pattern, options, input }: OracleCase): readonly unknown[] {
	try {
		const compiled = compilePattern(pattern, toOptions(options));
		return [false, true].map((isDue) => {
			remember(isDue);
			const match = compiled.match(input, new MatchBudget());
			return match && { ...match, groups: [...match.groups] };
		});
	} catch (error) {
		if (error instanceof PatternSyntaxError) return [];
		throw error;
	}
}

afterEach(() => {
	vi.restoreAllMocks();
});

describe('the memory of states', () => {
	it('changes no match and no capture', () => {
		const cases = [...randomCases(CASES, 1), ...balancingCases(CASES, 1)];
		const answers = cases.map(answersOf);
		expect(answers.map(([, remembering]) => remembering)).toEqual(answers.map(([plain]) => plain));
		expect(answers.filter(([plain]) => plain !== undefined).length).toBeGreaterThan(CASES / 2);
	});
});
