import { existsSync } from 'node:fs';
import path from 'node:path';
import { build, installDependencies, pass, runTypeScript } from './prepare.mjs';
import { PROJECT_FOLDER } from './toolchain/cache.mjs';

/** Measures against Dovecot, a real n8n and other mail fetchers; see docs/performance.md. */
const ENTRY = 'test/bench/main.ts';
/** What it writes, to be put into the project's format. */
const WRITTEN = ['docs/performance.md', 'test/bench/results.json'];
const PRETTIER = path.join(PROJECT_FOLDER, 'node_modules/prettier/bin/prettier.cjs');

await installDependencies();
await build();
process.exitCode = await runTypeScript(ENTRY, process.argv.slice(2));
// A quick run writes nothing.
const written = WRITTEN.filter((file) => existsSync(path.join(PROJECT_FOLDER, file)));
await pass(process.execPath, [PRETTIER, '--log-level', 'error', '--write', ...written]);
