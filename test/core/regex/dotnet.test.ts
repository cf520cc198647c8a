import { describe, expect, it } from 'vitest';
import { compareWithDotnet } from './compare-with-dotnet';
import { readFixture, withoutAbsent, type AskedRows, type Vector } from './matching';
import { balancingCases, randomCases } from './random-cases';

const CASES = 300;
/** How many of them meet a fault of .NET's. */
const RANDOM_FAULTS = 1;
/** Fewer may stay without an answer: .NET takes too long, as on a busy machine. */
const FEW = 20;
const { dotnet } = readFixture<{ readonly dotnet: readonly Vector[] }>('regex-vectors.json');
const { rows, faults } = readFixture<AskedRows>('regex-net10.json');

describe('.NET 10 itself', () => {
	it('means what we do by the rows of the fixtures and by random patterns, its known faults aside', async () => {
		const random = [...randomCases(CASES, 20_261_128), ...balancingCases(CASES, 20_261_128)];
		const vectors = [...dotnet, ...rows];
		// vectors.test.ts holds us to what the fixtures say.
		const result = await compareWithDotnet([...vectors, ...faults, ...random]);
		expect(result.differences).toEqual([]);
		expect(result.undecided).toEqual([]);
		expect(result.compared).toBeGreaterThan(vectors.length + faults.length + 2 * CASES - FEW);
		expect(result.knownFaults).toHaveLength(faults.length + RANDOM_FAULTS);
		for (const fault of faults) {
			const found = result.knownFaults.find(({ asked }) => asked === fault);
			const [match] = JSON.parse(found?.theirs ?? '[]') as readonly object[];
			const answer = match === undefined ? { success: false } : { success: true, ...match };
			expect(answer).toEqual(withoutAbsent(fault.dotnet));
		}
	});
});
