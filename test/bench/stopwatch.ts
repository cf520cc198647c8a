/** Milliseconds that `work` takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await work();
	return performance.now() - start;
}

/** The middle one of some numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value below which a share (0 to 1) of the numbers lies: the nearest one there is. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** A side of a comparison: gets things ready, then does what is measured. */
export interface Side {
	prepare(): Promise<unknown>;
	/** Milliseconds it took. */
	run(): Promise<number>;
}

/** Runs the sides in turn, so that whatever else the machine does meets all of them, and gives the times of each. */
export async function interleave<Name extends string>(
	sides: Readonly<Record<Name, Side>>,
	runs: number,
	warmUps = 1,
): Promise<Record<Name, number[]>> {
	const names = Object.keys(sides) as Name[];
	const times = Object.fromEntries(names.map((name) => [name, []])) as Record<
		string,
		number[]
	> as Record<Name, number[]>;
	for (let run = -warmUps; run < runs; run += 1) {
		for (const name of names) {
			await sides[name].prepare();
			const took = await sides[name].run();
			// The first ones meet cold caches and code that is not compiled yet.
			if (run >= 0) times[name].push(took);
		}
	}
	return times;
}
