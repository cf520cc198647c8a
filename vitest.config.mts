import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

/** Real servers start slowly on a busy machine; the limit is there to end a hang, not to measure. */
const SERVER_TIMEOUT_MS = 300_000;
/** Likewise: what computes for a second may take many on a busy machine. */
const UNIT_TIMEOUT_MS = 60_000;

const project = (name: string, folders: string[], slow = false) => ({
	// The copy that n8n-core loads too: two copies would not know each other's error classes.
	resolve: { alias: { 'n8n-workflow': require.resolve('n8n-workflow') } },
	test: {
		// The servers wait more than they compute: two files at once fit a machine of two cores.
		maxWorkers: 2,
		name,
		// Nothing is kept in module scope, so that a file finds the process of the one before as good as new; loading n8n's engine takes seconds.
		isolate: false,
		// As the documents tell users to: triggers bring it up otherwise.
		env: { N8N_UNVERIFIED_PACKAGES_ENABLED: 'true' },
		include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
		// As long as a busy machine may need; what is waited for mostly comes at once.
		expect: { poll: { timeout: 30_000 } },
		testTimeout: slow ? SERVER_TIMEOUT_MS : UNIT_TIMEOUT_MS,
		hookTimeout: slow ? SERVER_TIMEOUT_MS : UNIT_TIMEOUT_MS,
	},
});

export default defineConfig({
	test: {
		// The servers wait more than they compute: two files at once fit a machine of two cores.
		maxWorkers: 2,
		projects: [
			project('unit', ['core', 'docs']),
			project('protocol', ['mail', 'auth', 'net', 'ingest', 'support', 'hostile'], true),
			project(
				'nodes',
				['AlertMagic', 'EmailCapture', 'ImapIngest', 'shell', 'credentials', 'package'],
				true,
			),
			project('server', ['server'], true),
			project('n8n', ['n8n'], true),
			project('browser', ['browser'], true),
			project('chaos', ['chaos'], true),
		],
	},
});
