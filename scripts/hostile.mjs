import { installDependencies, runTypeScript } from './prepare.mjs';
import { ensureDovecot } from './toolchain.mjs';

/** Sends hostile mail through everything and measures how long nothing else can run: `npm run hostile -- --count 200 --seed 1`. */
const ENTRY = 'test/hostile/main.ts';

await installDependencies();
await ensureDovecot();
process.exitCode = await runTypeScript(ENTRY, process.argv.slice(2));
