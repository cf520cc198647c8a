import { rmSync } from 'node:fs';

// A compiled file must not outlive its source: everything in `dist` is packed.
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
