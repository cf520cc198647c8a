import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_FOLDER } from './toolchain/cache.mjs';

/** npm writes it at the end of an installation. */
const INSTALLED = path.join(PROJECT_FOLDER, 'node_modules/.package-lock.json');
const WANTED = path.join(PROJECT_FOLDER, 'package-lock.json');

/**
 * Runs a program in the project's folder, its output going where ours goes. It is asked to end when
 * we are; whether it does, and when, is left to it.
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} Exit code; 1 when it was ended by a signal.
 */
export function pass(file, args, env = process.env) {
	return new Promise((resolve, reject) => {
		const child = spawn(file, args, { cwd: PROJECT_FOLDER, env, stdio: 'inherit' });
		const forward = (signal) => child.kill(signal);
		process.on('SIGINT', forward).on('SIGTERM', forward);
		child.once('error', reject);
		child.once('exit', (code, signal) => {
			if (signal !== null) console.error(`${file} was ended by ${signal}`);
			process.off('SIGINT', forward).off('SIGTERM', forward);
			resolve(code ?? 1);
		});
	});
}

/**
 * @param {string} file
 * @param {string[]} args
 */
async function mustPass(file, args) {
	const code = await pass(file, args);
	if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}`);
}

/** Installs the dependencies when they are missing or older than package-lock.json. */
export async function installDependencies() {
	const isCurrent = existsSync(INSTALLED) && statSync(INSTALLED).mtime >= statSync(WANTED).mtime;
	if (isCurrent) return;
	console.error('[prepare] npm ci');
	await mustPass('npm', ['ci']);
}

/** Compiles the package into `dist`. */
export async function build() {
	console.error('[prepare] npm run build');
	await mustPass('npm', ['run', '--silent', 'build']);
}

/**
 * Runs a TypeScript file of the project under this Node.js, see typescript.cjs.
 * @param {string} file Relative to the project's folder.
 * @param {string[]} [args]
 * @returns {Promise<number>} Its exit code.
 */
export function runTypeScript(file, args = []) {
	const hook = path.join(PROJECT_FOLDER, 'scripts/typescript.cjs');
	return pass(process.execPath, ['--require', hook, path.join(PROJECT_FOLDER, file), ...args]);
}
