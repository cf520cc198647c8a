import { describe, expect, it } from 'vitest';

import { FAULTS } from './faults';
import { isClean, toRows } from './report';
import type { RoundResult } from './round';
import { runChaos } from './run';

const SEED = 20_261_123;

/** What stands in the way of the promise, in words; nothing when it was kept. */
const toBreaches = (results: readonly RoundResult[]) =>
	results.flatMap(({ fault, lost, differentIds, misplaced }) => [
		...lost.map((token) => `${fault}: ${token} was lost`),
		...differentIds.map((token) => `${fault}: ${token} came under different ids`),
		...misplaced.map((place) => `${fault}: ${place}`),
	]);

describe('the chaos run, in short', () => {
	it('loses nothing, repeats under the same id and tidies up, whatever fault strikes', async () => {
		const results = await runChaos({ seed: SEED, rounds: 24, instantRounds: 19 });
		expect(toBreaches(results)).toEqual([]);
		expect(isClean(results)).toBe(true);
		const struck = toRows(results.filter((result) => result.struck)).length;
		expect(struck).toBeGreaterThan(FAULTS.length * 0.8);
	});
});
