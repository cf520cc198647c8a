import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROJECT_FOLDER = path.join(__dirname, '..', '..');
/** Where its dependencies are found, and nothing looks for sources. */
const OUTPUT = path.join(PROJECT_FOLDER, 'node_modules/.cache/bench');
const COMPILER = path.join(PROJECT_FOLDER, 'node_modules/typescript/bin/tsc');
const SETTINGS = [
	...['--outDir', OUTPUT, '--rootDir', PROJECT_FOLDER, '--target', 'es2022'],
	...['--module', 'node16', '--moduleResolution', 'node16', '--esModuleInterop', '--noCheck'],
];

/**
 * Runs a program of the benchmark in a process of its own and gives what it prints, which is JSON. It is compiled
 * before, so that the process does not hold the compiler.
 */
export async function runProbe(
	name: string,
	input: unknown,
	flags: readonly string[] = [],
): Promise<unknown> {
	const source = path.join(__dirname, `${name}.ts`);
	await run(process.execPath, [COMPILER, ...SETTINGS, source], { cwd: PROJECT_FOLDER });
	const program = path.join(OUTPUT, 'test/bench', `${name}.js`);
	const args = [...flags, program, JSON.stringify(input)];
	const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 24 });
	return JSON.parse(stdout);
}

/** What a probe was given. */
export function readProbeInput(): unknown {
	return JSON.parse(process.argv[2] ?? 'null');
}
