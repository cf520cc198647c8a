import path from 'node:path';
import { installOnce, report } from './cache.mjs';
import { run } from './command.mjs';
import { ensureNode24, installPackage } from './node24.mjs';

/** Later ones did not install when this was written: one of their dependencies was missing. */
const N8N_VERSION = '2.41.1';
/** Without its install scripts n8n starts but for these two; one of the others fails to build. */
const NATIVE_PACKAGES = ['sqlite3', 'isolated-vm'];

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
 * The n8n server that the package is tested in. The first installation takes about ten minutes.
 * @returns {Promise<import('../toolchain.mjs').Tool<{ node: string }>>} n8n's start script and the
 * Node.js to run it with.
 */
export async function ensureN8n() {
	const node = await ensureNode24();
	if ('unavailable' in node) return node;
	const env = toNodeEnv(node);
	try {
		const folder = await installOnce(`n8n-${N8N_VERSION}`, async (target) => {
			report(`n8n ${N8N_VERSION}: 2,400 packages, 3 GB, some minutes ...`);
			await installPackage(target, 'n8n', N8N_VERSION, env);
			report(`n8n ${N8N_VERSION}: building ${NATIVE_PACKAGES.join(' and ')} ...`);
			const options = ['--prefix', target, '--ignore-scripts=false', '--loglevel=error'];
			await run('npm', ['rebuild', ...options, ...NATIVE_PACKAGES], { cwd: target, env });
		});
		return { path: path.join(folder, 'node_modules/n8n/bin/n8n'), node: node.path };
	} catch (error) {
		return { unavailable: `n8n could not be installed: ${String(error)}` };
	}
}
