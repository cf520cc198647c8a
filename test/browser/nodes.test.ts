import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CANVAS_MARGIN, takePicture, watched } from './camera';
import { launchChromium } from './chromium';
import { openSession, type ColorScheme, type Session } from './session';
import { startStage, type Stage } from './stage';

const PACKAGE = 'n8n-nodes-imap-ingest';

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

/** Words, what the panel finds for them, what of it is added, and the name that the node gets. */
const NODES = [
	['instant', 'IMAP Ingest Instant Trigger', undefined, 'IMAP Ingest Instant Trigger'],
	['email capture', 'Email Capture', undefined, 'Email Capture'],
	['imap ingest', 'IMAP Ingest', 'Search for messages', 'Search for messages'],
	['alertmagic', 'AlertMagic', undefined, 'AlertMagic'],
] as const;

/** Adds the nodes from the search panel, one after the other. The polling trigger is added in guide.test.ts. */
async function addAll({ page, editor }: Session, colorScheme: ColorScheme): Promise<void> {
	await editor.openNew();
	let previous: string | undefined;
	for (const [words, name, action, title] of NODES) {
		const picture = action === undefined ? undefined : `actions-${colorScheme}`;
		await editor.openPanel(previous);
		const found = await editor.search(words, name);
		expect(found.description).toMatch(/^[A-Z].{20,150}[^.]$/u);
		await editor.openDetails(name);
		if (picture !== undefined) await takePicture(editor.panel, picture, { height: 1240 });
		const view = await editor.pick(action);
		expect(await view.readTitle()).toBe(title);
		await view.close();
		previous = title;
	}
	await page.waitForURL(/\/workflow\/[^/?]{10,}/u);
}

describe.each<ColorScheme>(['light', 'dark'])('the nodes in a %s editor', (colorScheme) => {
	it('are found in the search panel and stand on the canvas with icons of this theme', async () => {
		const session = await openSession(browser, stage.n8n, colorScheme);
		await watched(session.page, async () => {
			await addAll(session, colorScheme);
			const icons = await session.editor.readIcons();
			expect(icons).toHaveLength(NODES.length);
			for (const icon of icons) {
				expect(icon.source).toContain(PACKAGE);
				expect(icon.source.includes('.dark.')).toBe(colorScheme === 'dark');
				expect(icon.width).toBeGreaterThan(0);
			}
		});
		await session.close();
	});
});

describe('a trigger with two rules', () => {
	it('has an output of the name of each rule, one for the rest and one for health', async () => {
		const rule = [{ name: 'Backups' }, { name: 'Routers' }];
		const options = { outputs: 'onePerRule', unmatched: true, health: true };
		const { id } = await stage.n8n.api.createWorkflow({
			name: 'Outputs',
			nodes: [
				{
					id: 'trigger',
					name: 'IMAP Ingest Trigger',
					type: `${PACKAGE}.imapIngestTrigger`,
					typeVersion: 1,
					position: [0, 0],
					parameters: { rulesSource: 'visual', rules: { rule }, options },
				},
			],
		});
		const session = await openSession(browser, stage.n8n, 'light');
		await watched(session.page, async () => {
			await session.editor.open(id);
			const outputs = await session.editor.readOutputs('IMAP Ingest Trigger');
			expect(outputs).toEqual(['Backups', 'Routers', 'Unmatched', 'Health']);
			await takePicture(session.editor.nodes, 'outputs', { margin: CANVAS_MARGIN });
		});
		await session.close();
	});
});
