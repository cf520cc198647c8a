import { installDependencies, runTypeScript } from './prepare.mjs';

/** Compares the engines for patterns with each other on random patterns: `npm run fuzz -- --count 200000 --seed 1`. */
const ENTRY = 'test/core/regex/fuzz.ts';

await installDependencies();
process.exitCode = await runTypeScript(ENTRY, process.argv.slice(2));
