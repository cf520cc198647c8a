import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { PROJECT_FOLDER } from './n8n-package';
import type { N8nServer } from './n8n-server';
import { startPlayground, type Playground } from './n8n-playground';

// Run by scripts/pictures.mjs.

const FOLDER = path.join(PROJECT_FOLDER, 'docs/images');
const VIEWPORT = { width: 1280, height: 720 };
/** Room for a node's caption below it. */
const MARGIN = 80;
const LIMIT_MS = 120_000;
const OFFLINE = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

async function launchChromium(): Promise<Browser> {
	const { ensureChromium } = await import('../../scripts/toolchain.mjs');
	const tool = await ensureChromium();
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	const env = { ...process.env, ...tool.env };
	return await chromium.launch({ executablePath: tool.path, env, args: OFFLINE });
}

async function signIn(page: Page, { url, api }: N8nServer) {
	await page.goto(`${url}/signin`);
	await page.locator('input[type=email], input[name=emailOrLdapLoginId]').fill(api.owner.email);
	await page.locator('input[type=password]').fill(api.owner.password);
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/(home|workflow)/);
}

/** The part of the page with the nodes in it, captions and some canvas around them. */
async function findNodes(page: Page) {
	const nodes = page.locator('[data-test-id=canvas-node]');
	await nodes.first().waitFor();
	await page.waitForFunction('Array.from(document.images).every((image) => image.complete)');
	const boxes = (await Promise.all((await nodes.all()).map((node) => node.boundingBox()))).filter(
		(box) => box !== null,
	);
	const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
	const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
	const right = Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN;
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN;
	return { x: left, y: top, width: right - left, height: bottom - top };
}

async function takePictures(
	browser: Browser,
	playground: Playground,
	colorScheme: 'light' | 'dark',
) {
	const { n8n, examples } = playground;
	const context = await browser.newContext({ viewport: VIEWPORT, colorScheme });
	context.setDefaultTimeout(LIMIT_MS);
	const page = await context.newPage();
	await signIn(page, n8n);
	for (const { name, workflowId } of examples) {
		await page.goto(`${n8n.url}/workflow/${workflowId}`);
		const file = path.join(FOLDER, `${name}-${colorScheme}.png`);
		await page.screenshot({ path: file, clip: await findNodes(page), animations: 'disabled' });
		console.log(file);
	}
	await context.close();
}

async function main() {
	await mkdir(FOLDER, { recursive: true });
	const browser = await launchChromium();
	const playground = await startPlayground();
	await takePictures(browser, playground, 'light');
	await takePictures(browser, playground, 'dark');
	await browser.close();
	await playground.stop();
}

void main().catch((error: unknown) => {
	console.error(error);
	// Ends the servers and the browser as well.
	process.exit(1);
});
