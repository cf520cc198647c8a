import { pathToFileURL } from 'node:url';
import { report } from './toolchain/cache.mjs';
import { ensureChromium } from './toolchain/chromium.mjs';
import { ensureDotnet } from './toolchain/dotnet.mjs';
import { ensureDovecot } from './toolchain/dovecot.mjs';
import { ensureCourier, ensureCyrus } from './toolchain/imap-servers.mjs';
import { ensureMailFetchers } from './toolchain/mail-fetchers.mjs';
import { ensureN8n, ensureN8n1 } from './toolchain/n8n.mjs';
import { ensureNode24 } from './toolchain/node24.mjs';
import { ensurePostgres, ensureRedis } from './toolchain/servers.mjs';

export {
	ensureChromium,
	ensureCourier,
	ensureCyrus,
	ensureDotnet,
	ensureDovecot,
	ensureMailFetchers,
	ensureN8n,
	ensureN8n1,
	ensureNode24,
	ensurePostgres,
	ensureRedis,
};

const TOOLS = {
	node24: ensureNode24,
	n8n: ensureN8n,
	n8n1: ensureN8n1,
	dovecot: ensureDovecot,
	cyrus: ensureCyrus,
	courier: ensureCourier,
	dotnet: ensureDotnet,
	redis: ensureRedis,
	postgres: ensurePostgres,
	chromium: ensureChromium,
};

/**
 * Gets the named tools, one after the other, and prints `name: path`.
 * @param {string[]} names
 * @returns {Promise<number>} Exit code: 0 when all are there.
 */
async function main(names) {
	let code = 0;
	for (const name of names.length > 0 ? names : Object.keys(TOOLS)) {
		const ensure = TOOLS[name];
		if (ensure === undefined)
			throw new Error(`No tool ${name}; known: ${Object.keys(TOOLS).join(', ')}`);
		const tool = await ensure();
		if ('unavailable' in tool) {
			report(`${name} is not available: ${tool.unavailable}`);
			code = 1;
		} else {
			console.log(`${name}: ${tool.path}`);
		}
	}
	return code;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	process.exitCode = await main(process.argv.slice(2));
}
