import { describe, expect, it } from 'vitest';
import { askDotnet } from '../../support/dotnet/oracle';
import { compareWithDotnet } from './compare-with-dotnet';
import { readFixture, type AskedRows, type Vector } from './matching';
import { balancingCases, randomCases } from './random-cases';

const CASES = 300;
const { dotnet } = readFixture<{ readonly dotnet: readonly Vector[] }>('regex-vectors.json');
const { rows, faults } = readFixture<AskedRows>('regex-net10.json');

/** Rows of the fixtures for which .NET answers something else. */
async function differencesTo(vectors: readonly Vector[]): Promise<readonly object[]> {
	const answers = await askDotnet(vectors);
	return vectors.flatMap((vector, index) => {
		const answer = answers[index];
		if (answer === undefined) return [vector];
		const [match] = 'matches' in answer ? answer.matches : [];
		const asked = 'error' in answer ? { error: answer.error } : { success: false };
		const found = match === undefined ? asked : { success: true, ...match };
		const isSame = JSON.stringify(found) === JSON.stringify(vector.expected);
		return isSame ? [] : [{ ...vector, found }];
	});
}

describe('.NET 10 itself', () => {
	it('answers every row of the fixtures as they say', async () => {
		const faulty = faults.map((fault) => ({ ...fault, expected: fault.dotnet }));
		expect(await differencesTo([...dotnet, ...rows, ...faulty])).toEqual([]);
	});

	it('means by random patterns what we do, its known faults aside', async () => {
		const random = [...randomCases(CASES, 20_261_128), ...balancingCases(CASES, 20_261_128)];
		const result = await compareWithDotnet([...faults, ...random]);
		expect(result.differences).toEqual([]);
		expect(result.undecided).toEqual([]);
		expect(result.compared).toBeGreaterThan(CASES);
		expect(result.knownFaults).toBeGreaterThanOrEqual(faults.length);
	});
});
