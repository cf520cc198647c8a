import path from 'node:path';
import { installOnce, report } from './cache.mjs';
import { run } from './command.mjs';
import { ensureNode24, installPackage } from './node24.mjs';

/**
 * The n8n releases that the package is tested in, each with the packages that must be built: without
 * its install scripts n8n starts but for these, and one of the others fails to build.
 * Later ones of 2.x did not install when this was written: one of their dependencies was missing.
 */
const N8N_2 = { version: '2.41.1', native: ['sqlite3', 'isolated-vm'], overrides: {} };
/**
 * It takes its xlsx from a server of that project; for its spreadsheet nodes that of the registry will do.
 * Its isolated-vm does not build for Node.js 20, so it is run with the older engine for expressions.
 */
const N8N_1 = { version: '1.123.81', native: ['sqlite3'], overrides: { xlsx: '0.18.5' } };
/** n8n 1.123 names Node.js 20.19 to 24 as those that it runs under. */
const NODE_OF_N8N_1 = /^v2[0-4]\./;

/**
 * @param {{ path: string, headers?: string }} node
 * @returns {NodeJS.ProcessEnv} Lets npm, and what it builds, run under that Node.js.
 */
const toNodeEnv = ({ path: node, headers }) => ({
	...process.env,
	PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
	...(headers !== undefined && { npm_config_nodedir: headers }),
});

/**
 * @param {{ version: string, native: string[], overrides: Record<string, string> }} release
 * @param {{ path: string, headers?: string }} node
 */
async function installN8n({ version, native, overrides }, node) {
	const env = toNodeEnv(node);
	try {
		const folder = await installOnce(`n8n-${version}`, async (target) => {
			report(`n8n ${version}: over 2,000 packages, some GB, some minutes ...`);
			await installPackage(target, { name: 'n8n', version, overrides }, env);
			report(`n8n ${version}: building ${native.join(' and ')} ...`);
			const options = ['--prefix', target, '--ignore-scripts=false', '--loglevel=error'];
			await run('npm', ['rebuild', ...options, ...native], { cwd: target, env });
		});
		return { path: path.join(folder, 'node_modules/n8n/bin/n8n'), node: node.path };
	} catch (error) {
		return { unavailable: `n8n ${version} could not be installed: ${String(error)}` };
	}
}

/**
 * The n8n server that the package is tested in. The first installation takes about ten minutes.
 * @returns {Promise<import('../toolchain.mjs').N8nTool>} n8n's start script and the Node.js to run it with.
 */
export async function ensureN8n() {
	const node = await ensureNode24();
	return 'unavailable' in node ? node : await installN8n(N8N_2, node);
}

/**
 * The last n8n of the 1.x line, under the Node.js that runs this: what is built for it (sqlite3) keeps to
 * Node's stable binary interface, so that one copy does for all of them.
 * @returns {Promise<import('../toolchain.mjs').N8nTool>} As `ensureN8n`.
 */
export async function ensureN8n1() {
	if (!NODE_OF_N8N_1.test(process.version)) {
		return { unavailable: `n8n ${N8N_1.version} does not run under Node.js ${process.version}` };
	}
	return await installN8n(N8N_1, { path: process.execPath });
}
