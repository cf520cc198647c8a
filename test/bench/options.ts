/** What `npm run bench -- ...` was asked for. */
export interface BenchArguments {
	/** Name of the one case; all unless given. */
	readonly only: string | undefined;
	readonly runs: number;
	readonly quick: boolean;
}

const DEFAULT_RUNS = 5;
const QUICK_RUNS = 2;

/**
 * Reads `--quick`, `--case NAME` and `--runs N`.
 *
 * @throws when there is no such case or number
 */
export function readBenchOptions(
	args: readonly string[],
	names: readonly string[],
): BenchArguments {
	const valueOf = (option: string) => {
		const place = args.indexOf(option);
		return place < 0 ? undefined : (args[place + 1] ?? '');
	};
	const only = valueOf('--case');
	if (only !== undefined && !names.includes(only)) {
		throw new Error(`--case wants one of ${names.join(', ')}`);
	}
	const quick = args.includes('--quick');
	const runs = Number(valueOf('--runs') ?? (quick ? QUICK_RUNS : DEFAULT_RUNS));
	if (!Number.isSafeInteger(runs) || runs < 1) throw new Error('--runs wants a number above 0');
	return { only, runs, quick };
}
