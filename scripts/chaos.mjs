import { build, installDependencies, runTypeScript } from './prepare.mjs';

/** Faults of every kind against Dovecot and a real n8n; see docs/reliability.md. Takes about a quarter of an hour. */
const ENTRY = 'test/chaos/main.ts';

// What n8n's engine logs about the faults is as long as it is expected.
process.env.N8N_LOG_LEVEL ??= 'silent';
await installDependencies();
await build();
process.exitCode = await runTypeScript(ENTRY, process.argv.slice(2));
