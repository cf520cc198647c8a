import { parseArgs } from 'node:util';
import { compareWithDotnet } from './compare-with-dotnet';
import { balancingCases, randomCases } from './random-cases';

/** Starting .NET takes as long as a thousand patterns. */
const BATCH = 10_000;
/** Of these, as many are balancing groups with look-around, which random patterns seldom have. */
const BALANCING = 1000;

/** Compares `--count` random patterns with .NET 10, the only oracle; throws at the first batch with a difference. */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			count: { type: 'string', default: '200000' },
			oracle: { type: 'string', default: 'net10' },
			seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
		},
	});
	const [count, firstSeed] = [Number(values.count), Number(values.seed)];
	if (!(count > 0) || !Number.isSafeInteger(firstSeed)) {
		throw new Error('--count wants a number above 0, --seed a whole number');
	}
	if (values.oracle !== 'net10') throw new Error('--oracle knows net10 only');
	let [asked, compared, knownFaults] = [0, 0, 0];
	for (let seed = firstSeed; asked < count; seed += 1) {
		const cases = [...randomCases(BATCH - BALANCING, seed), ...balancingCases(BALANCING, seed)];
		const result = await compareWithDotnet(cases);
		if (result.differences.length > 0) throw new Error(result.differences.join('\n'));
		asked += BATCH;
		compared += result.compared;
		knownFaults += result.knownFaults.length;
		for (const pattern of result.undecided) console.error(`[fuzz] undecided: ${pattern}`);
		console.error(`[fuzz] seed ${String(seed)}: ${String(asked)} of ${String(count)}`);
	}
	console.log(
		`${String(compared)} of ${String(asked)} cases from seed ${String(firstSeed)} compared with .NET 10: no difference but ${String(knownFaults)} of its known faults`,
	);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
