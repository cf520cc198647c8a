/** One measured bar: `measured` must be at most (or at least) `limit`. */
export interface Bar {
	readonly name: string;
	readonly measured: number;
	readonly limit: number;
	readonly sense: 'atMost' | 'atLeast';
	readonly unit: string;
}

/** A table for people and the bars it is held to. */
export interface BenchResult {
	readonly title: string;
	readonly columns: readonly string[];
	readonly rows: ReadonlyArray<readonly string[]>;
	readonly bars: readonly Bar[];
}

/** How a case is to be run. */
export interface BenchOptions {
	/** Interleaved repetitions of each side. */
	readonly runs: number;
	/** Smaller sizes, to try the case out. */
	readonly quick: boolean;
	log(line: string): void;
}

/** Something that is measured against something else. */
export interface BenchCase {
	readonly name: string;
	run(options: BenchOptions): Promise<BenchResult>;
}
