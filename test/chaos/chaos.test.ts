import { describe, expect, it } from 'vitest';

import { faultsFor } from './faults/faults';
import { isClean, toRows } from './report';
import type { RoundResult } from './round';
import { runChaos } from './run';

const SEED = 20_261_123;

/** What stands in the way of the promise, in words; nothing when it was kept. */
const toBreaches = (results: readonly RoundResult[]) =>
	results.flatMap(({ fault, lost, differentIds, misplaced, silent }) => [
		...lost.map((token) => `${fault}: ${token} was lost`),
		...differentIds.map((token) => `${fault}: ${token} came under different ids`),
		...misplaced.map((place) => `${fault}: ${place}`),
		...(silent > 0 ? [`${fault}: ${String(silent)} given up in silence`] : []),
	]);

/** Connections that stall are waited for, so that a busy machine takes twice as long as an idle one. */
const LIMIT_MS = 1_200_000;

describe('the chaos run, in short', () => {
	it(
		'loses nothing, repeats under the same id and tidies up, whatever fault strikes',
		async () => {
			const [rounds, instantRounds] = [faultsFor('poll').length, faultsFor('instant').length];
			const runs = await Promise.all([
				runChaos({ seed: SEED, rounds, instantRounds: 0 }),
				runChaos({ seed: SEED, rounds: 0, instantRounds }),
			]);
			const results = runs.flat();
			expect(toBreaches(results)).toEqual([]);
			expect(isClean(results)).toBe(true);
			const struck = toRows(results.filter((result) => result.struck)).length;
			expect(struck).toBeGreaterThan((rounds + instantRounds) * 0.8);
		},
		LIMIT_MS,
	);
});
