import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.join(__dirname, '..', '..');
const N8N_SETTINGS = 'node_modules/@n8n/config/dist/configs/executions.config.js';
const read = (file: string) => readFile(path.join(ROOT, file), 'utf8');

describe('what docs/operations.md says of a setting of n8n', () => {
	it('holds: a workflow whose executions crashed is unpublished only where somebody wants it', async () => {
		const [settings, operations] = await Promise.all([
			read(N8N_SETTINGS),
			read('docs/operations.md'),
		]);
		expect(operations).toContain("Leave n8n's `N8N_WORKFLOW_AUTODEACTIVATION_ENABLED` off");
		expect(settings).toContain("Env)('N8N_WORKFLOW_AUTODEACTIVATION_ENABLED')");
		expect(settings).toContain('workflowDeactivationEnabled = false;');
	});
});
