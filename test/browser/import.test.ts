import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { GUIDE_CONFIGURATION } from '../support/guide-example';
import { watched } from './camera';
import { launchChromium } from './chromium';
import { openSession } from './session';
import { NEO, PASSWORD, startStage, type Stage } from './stage';

const TRIGGER = 'IMAP Ingest Trigger';

let browser: Browser;
let stage: Stage;

beforeAll(async () => {
	browser = await launchChromium();
	stage = await startStage();
});
afterAll(async () => {
	await browser.close();
	await stage.stop();
});

/** A workflow with the node that imports from an account with the configuration of AlertMagic's guide. */
async function createImport(): Promise<string> {
	const { AlertMagic } = JSON.parse(GUIDE_CONFIGURATION) as { AlertMagic: unknown };
	const account = await stage.n8n.api.createCredential('Alerts', 'imapIngestApi', {
		url: `imaps://localhost:${String(stage.dovecot.port)}`,
		authentication: 'configuration',
		username: NEO,
		password: PASSWORD,
		configuration: JSON.stringify({ AlertMagic }),
		caCertificate: stage.mailTls.ca,
	});
	const { id } = await stage.n8n.api.createWorkflow({
		name: 'Import',
		nodes: [
			{
				id: 'import',
				name: 'Import',
				type: 'n8n-nodes-imap-ingest.imapIngest',
				typeVersion: 1,
				position: [0, 0],
				parameters: { resource: 'rules', operation: 'importAlertMagic' },
				credentials: { imapIngestApi: { id: account.id, name: account.name } },
			},
		],
	});
	return id;
}

describe('rules imported from AlertMagic', () => {
	it('are pasted on the canvas as a trigger with the rules in its form and its account', async () => {
		const session = await openSession(browser, stage.n8n, 'light');
		await watched(session.page, async () => {
			await session.editor.open(await createImport());
			const node = await session.editor.openNode('Import');
			await node.execute();
			await node.waitForOutput('workflow');
			await node.showJson();
			await node.copyValue('workflow');
			await node.close();
			const { fields, root } = await session.editor.paste(TRIGGER);
			const read = (name: string) =>
				fields.field(name).last().locator('input, textarea').first().inputValue();
			expect(await fields.readRow('name', 0)).toBe('Knock Knock');
			expect(await fields.rows('conditions').readRow('value', 0)).toBe('^tri.+@zion.com$');
			expect(await fields.rows('fields').readRow('pattern', 1)).toBe('^alert - (?<subject>.+)$');
			expect(await read('cleanUpFolder')).toBe('AlertMagic Processed');
			expect(await read('deleteAfterDays')).toBe('30');
			expect(await root.innerHTML()).not.toContain('yyy');
		});
		await session.close();
	});
});
