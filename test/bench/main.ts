import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchCase, BenchResult } from './bench-case';
import { BENCH_CASES } from './cases';
import { readBenchOptions } from './options';
import { toPlot } from './plot';
import { putResults, toMarkdown, toVerdict } from './report';

const PROJECT_FOLDER = path.join(__dirname, '..', '..');
const RESULTS = path.join(PROJECT_FOLDER, 'test/bench/results.json');
const PAGE = path.join(PROJECT_FOLDER, 'docs/performance.md');
const PLOT = path.join(PROJECT_FOLDER, 'docs/images/performance.svg');

/** Measures, tells, and writes down what a whole run has shown. A missed bar is told, not an error. */
async function main(): Promise<void> {
	const { only, runs, quick } = readBenchOptions(
		process.argv.slice(2),
		BENCH_CASES.map(({ name }) => name),
	);
	const results: BenchResult[] = [];
	const broken: string[] = [];
	for (const bench of BENCH_CASES.filter(({ name }) => only === undefined || name === only)) {
		const result = await measure(bench, runs, quick).catch((error: unknown) => {
			console.error(error);
			broken.push(bench.name);
		});
		if (result === undefined) continue;
		results.push(result);
		console.log(`\n${toMarkdown(result)}`);
	}
	console.log(results.flatMap(({ bars }) => bars.map(toVerdict)).join('\n'));
	if (broken.length > 0) {
		console.error(`Broken: ${broken.join(', ')}`);
		process.exitCode = 1;
	} else if (only === undefined && !quick) await write(results, runs);
}

async function measure(bench: BenchCase, runs: number, quick: boolean): Promise<BenchResult> {
	console.error(`[bench] ${bench.name}`);
	const log = (line: string) => {
		console.error(`[bench] ${bench.name}: ${line}`);
	};
	return await bench.run({ runs, quick, log });
}

async function write(results: readonly BenchResult[], runs: number): Promise<void> {
	const measured = { at: new Date().toISOString(), node: process.version, runs, results };
	await writeFile(RESULTS, `${JSON.stringify(measured, undefined, '\t')}\n`);
	await mkdir(path.dirname(PLOT), { recursive: true });
	await writeFile(PLOT, toPlot(results.flatMap(({ bars }) => bars)));
	await writeFile(PAGE, putResults(await readFile(PAGE, 'utf8'), results));
}

main().then(
	() => {
		// Connections that lie idle would hold the process up.
		process.exit();
	},
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
