import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HOOK = path.join(__dirname, '..', '..', 'scripts/typescript.cjs');

/** Runs a program of the benchmark in a process of its own and gives what it prints, which is JSON. */
export async function runProbe(
	file: string,
	input: unknown,
	flags: readonly string[] = [],
): Promise<unknown> {
	const args = [...flags, '--require', HOOK, path.join(__dirname, file), JSON.stringify(input)];
	const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 24 });
	return JSON.parse(stdout);
}

/** What a probe was given. */
export function readProbeInput(): unknown {
	return JSON.parse(process.argv[2] ?? 'null');
}
