import { describe, expect, it } from 'vitest';
import { askDotnet } from '../../support/dotnet/oracle';
import { compareWithDotnet, isKnownFault } from './compare-with-dotnet';
import { readFixture, type AskedRows, type Expectation, type Vector } from './matching';
import { randomCases } from './random-cases';

const CASES = 500;
const { dotnet } = readFixture<{ readonly dotnet: readonly Vector[] }>('regex-vectors.json');
const { rows, faults } = readFixture<AskedRows>('regex-net10.json');

/** Rows of the fixtures for which .NET answers something else. */
async function differencesTo(
	vectors: readonly Vector[],
	expectedOf: (index: number) => Expectation | undefined,
): Promise<readonly object[]> {
	const answers = await askDotnet(vectors);
	return vectors.flatMap((vector, index) => {
		const answer = answers[index];
		if (answer === undefined) return [vector];
		const [match] = 'matches' in answer ? answer.matches : [];
		const asked = 'error' in answer ? { error: answer.error } : { success: false };
		const found = match === undefined ? asked : { success: true, ...match };
		const isSame = JSON.stringify(found) === JSON.stringify(expectedOf(index));
		return isSame ? [] : [{ ...vector, found }];
	});
}

describe('.NET 10 itself', () => {
	it('answers every row of the fixtures as they say', async () => {
		const vectors = [...dotnet, ...rows];
		expect(await differencesTo(vectors, (index) => vectors[index]?.expected)).toEqual([]);
		expect(await differencesTo(faults, (index) => faults[index]?.dotnet)).toEqual([]);
	});

	it('means by random patterns what we do', async () => {
		const { differences, compared } = await compareWithDotnet(randomCases(CASES, 20_261_128));
		expect(differences).toEqual([]);
		expect(compared).toBeGreaterThan(CASES / 2);
	});

	it('has one known fault, which its faults in the fixtures show', () => {
		expect(faults.map(({ pattern }) => isKnownFault(pattern))).toEqual(faults.map(() => true));
	});
});
