import { build, installDependencies, runTypeScript } from './prepare.mjs';

/** Shows the worked example of the guide, end to end; needs nothing but the dependencies. */
const ENTRY = 'test/demo/main.ts';

await installDependencies();
await build();
process.exitCode = await runTypeScript(ENTRY, process.argv.slice(2));
