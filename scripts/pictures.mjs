import { build, installDependencies, runTypeScript } from './prepare.mjs';

// Writes docs/images: the example workflows on the canvas of a real n8n, light and dark.
await installDependencies();
await build();
process.exitCode = await runTypeScript('test/support/n8n-pictures.ts');
