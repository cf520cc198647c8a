import path from 'node:path';
import { build, installDependencies, pass } from './prepare.mjs';
import { PROJECT_FOLDER } from './toolchain/cache.mjs';

// Writes docs/images: the browser tests take the pictures on their way.
const VITEST = path.join(PROJECT_FOLDER, 'node_modules/vitest/vitest.mjs');
const args = [VITEST, 'run', '--project', 'browser'];

await installDependencies();
await build();
process.exitCode = await pass(process.execPath, args, { ...process.env, PICTURES: 'true' });
