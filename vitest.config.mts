import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

/** Real servers start slowly on a busy machine; the limit is there to end a hang, not to measure. */
const SERVER_TIMEOUT_MS = 300_000;
/** Likewise: what computes for a second may take many on a busy machine. */
const UNIT_TIMEOUT_MS = 60_000;

interface Project {
	readonly name: string;
	readonly folders: readonly string[];
	/** It talks to real parts, which may be slow. */
	readonly slow?: boolean;
	/** It waits more than it computes, so that three files at once fit a machine of two cores. */
	readonly waits?: boolean;
}

const project = ({ name, folders, slow = false, waits = false }: Project) => ({
	// The copy that n8n-core loads too: two copies would not know each other's error classes.
	resolve: { alias: { 'n8n-workflow': require.resolve('n8n-workflow') } },
	test: {
		maxWorkers: waits ? 3 : 2,
		sequence: { groupOrder: waits ? 1 : 0 },
		name,
		// Loading n8n's engine for each file takes seconds.
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
		projects: [
			project({ name: 'unit', folders: ['core', 'docs'] }),
			project({
				name: 'protocol',
				folders: ['mail', 'auth', 'net', 'ingest', 'support', 'hostile'],
				slow: true,
			}),
			project({
				name: 'nodes',
				folders: ['AlertMagic', 'EmailCapture', 'ImapIngest', 'shell', 'credentials', 'package'],
				slow: true,
			}),
			project({ name: 'server', folders: ['server'], slow: true }),
			project({ name: 'n8n', folders: ['n8n'], slow: true, waits: true }),
			project({ name: 'browser', folders: ['browser'], slow: true }),
			project({ name: 'chaos', folders: ['chaos'], slow: true }),
		],
	},
});
