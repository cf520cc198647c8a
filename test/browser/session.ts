import type { Browser, Page } from 'playwright-core';

import type { N8nServer } from '../support/n8n/n8n-server';
import { WorkflowEditor } from './workflow-editor';

export type ColorScheme = 'light' | 'dark';

const VIEWPORT = { width: 1440, height: 900 };
/** Generous: a busy machine is slow to answer; the limit is there to end a hang. */
const LIMIT_MS = 120_000;

/** The owner of an n8n at a browser of their own. */
export interface Session {
	readonly page: Page;
	readonly editor: WorkflowEditor;
	close(): Promise<void>;
}

/** Signs the owner in. */
export async function openSession(
	browser: Browser,
	{ url, api }: N8nServer,
	colorScheme: ColorScheme,
): Promise<Session> {
	const context = await browser.newContext({ viewport: VIEWPORT, colorScheme });
	context.setDefaultTimeout(LIMIT_MS);
	const page = await context.newPage();
	// Tells that a workflow is published, at a moment of its own, and covers the page.
	await page.addLocatorHandler(page.getByRole('button', { name: 'Got it' }), (button) =>
		button.click(),
	);
	await page.goto(`${url}/signin`);
	await page.locator('input[type=email], input[name=emailOrLdapLoginId]').fill(api.owner.email);
	await page.locator('input[type=password]').fill(api.owner.password);
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/(home|workflow)/u);
	return { page, editor: new WorkflowEditor(page, url), close: () => context.close() };
}
