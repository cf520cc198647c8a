import { parseArgs } from 'node:util';
import { fuzzEngines, GRAMMARS, type Tally } from './differential';

const BATCH = 5000;
const DEFAULT_COUNT = '200000';

/** Compares the engines until RE2's printer and JavaScript's have both answered `--count` cases, of all grammars or `--only` of some; with `--chosen` no programs but those for the alphabet of the text, which is faster. */
function main(): void {
	const { values } = parseArgs({
		options: {
			count: { type: 'string', default: DEFAULT_COUNT },
			chosen: { type: 'boolean', default: false },
			only: { type: 'string', default: '' },
			seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
		},
	});
	const [count, firstSeed] = [Number(values.count), Number(values.seed)];
	if (!(count > 0) || !Number.isSafeInteger(firstSeed)) {
		throw new Error('--count wants a number above 0, --seed a whole number');
	}
	const grammars = GRAMMARS.filter(([name]) => name.includes(values.only));
	if (grammars.length === 0) throw new Error('--only wants a word of the name of a grammar');
	const which = values.chosen ? 'chosen' : 'all';
	const tally: Tally = { cases: 0, printers: 0, answers: 0, which };
	for (let seed = firstSeed; tally.printers < count; seed += 1) {
		for (const [, grammar] of grammars) fuzzEngines(grammar, BATCH, tally, seed);
		console.error(`[fuzz] seed ${String(seed)}: ${String(tally.printers)} of ${String(count)}`);
	}
	console.log(
		`${String(tally.cases)} cases from seed ${String(firstSeed)}, ${String(tally.printers)} of them by both printers, ${String(tally.answers)} answers compared: no mismatch`,
	);
}

main();
