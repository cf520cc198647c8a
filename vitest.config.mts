import { defineConfig } from 'vitest/config';

/** Real servers start slowly on a busy machine; the limit is there to end a hang, not to measure. */
const SERVER_TIMEOUT_MS = 120_000;

const project = (name: string, folders: string[], slow = false) => ({
	test: {
		name,
		include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
		...(slow && { testTimeout: SERVER_TIMEOUT_MS, hookTimeout: SERVER_TIMEOUT_MS }),
	},
});

export default defineConfig({
	test: {
		projects: [
			project('unit', ['core']),
			project('protocol', ['mail', 'auth', 'ingest', 'support'], true),
			project('nodes', ['nodes', 'package'], true),
			project('server', ['server'], true),
			project('n8n', ['n8n'], true),
		],
	},
});
