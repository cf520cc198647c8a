import { installDependencies, runTypeScript } from './prepare.mjs';

/** Compares random patterns with .NET 10: `npm run fuzz -- --count 200000 --seed 1 --oracle net10`. */
const ENTRY = 'test/core/regex/fuzz.ts';

await installDependencies();
process.exitCode = await runTypeScript(ENTRY, process.argv.slice(2));
