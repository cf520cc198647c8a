import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const TAIL_LINES = 15;

/**
 * Runs a program to its end.
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} Its standard output.
 * @throws {Error} With the last lines that it printed when it fails.
 */
export async function run(file, args, options = {}) {
	try {
		const { stdout } = await execute(file, args, { maxBuffer: MAX_OUTPUT_BYTES, ...options });
		return stdout;
	} catch (error) {
		const output =
			error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
		const tail = output.trim().split('\n').slice(-TAIL_LINES).join('\n');
		throw new Error(`${path.basename(file)} ${args.join(' ')} failed: ${tail}`, { cause: error });
	}
}

/**
 * Where a program is, as a shell would find it.
 * @param {string} name
 * @param {string[]} [furtherFolders] Looked into after those of PATH.
 * @returns {string | undefined}
 */
export function findOnPath(name, furtherFolders = []) {
	const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...furtherFolders];
	return folders
		.filter((folder) => folder !== '')
		.map((folder) => path.join(folder, name))
		.find((file) => {
			try {
				accessSync(file, constants.X_OK);
				return true;
			} catch {
				return false;
			}
		});
}
