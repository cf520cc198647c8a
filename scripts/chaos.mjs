import path from 'node:path';
import { build, installDependencies, pass, runTypeScript } from './prepare.mjs';
import { PROJECT_FOLDER } from './toolchain/cache.mjs';

/** Faults of every kind against Dovecot and a real n8n; see docs/reliability.md. Takes about a quarter of an hour. */
const ENTRY = 'test/chaos/main.ts';
/** Where the table goes, in the project's format. */
const REPORT = 'docs/reliability.md';
const PRETTIER = path.join(PROJECT_FOLDER, 'node_modules/prettier/bin/prettier.cjs');

// What n8n's engine logs about the faults is as long as it is expected.
process.env.N8N_LOG_LEVEL ??= 'silent';
await installDependencies();
await build();
process.exitCode = await runTypeScript(ENTRY, process.argv.slice(2));
await pass(process.execPath, [PRETTIER, '--log-level', 'warn', '--write', REPORT]);
