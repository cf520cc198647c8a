import { build, installDependencies, runTypeScript } from './prepare.mjs';

// A real n8n with the package in it; the first start installs n8n into .cache, some minutes.
await installDependencies();
await build();
process.exitCode = await runTypeScript('test/support/n8n/n8n-dev.ts');
