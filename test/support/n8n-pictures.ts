import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { PROJECT_FOLDER } from './n8n-package';
import { startPlayground, type Playground } from './n8n-playground';

// Run by scripts/pictures.mjs.

const FOLDER = path.join(PROJECT_FOLDER, 'docs/images');
const VIEWPORT = { width: 1280, height: 720 };
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

async function takePictures(
	browser: Browser,
	playground: Playground,
	colorScheme: 'light' | 'dark',
) {
	const { n8n, examples } = playground;
	const context = await browser.newContext({ viewport: VIEWPORT, colorScheme });
	const { email, password } = n8n.api.owner;
	const page = await context.newPage();
	await page.goto(`${n8n.url}/signin`);
	await page.locator('input[type=email], input[name=emailOrLdapLoginId]').fill(email);
	await page.locator('input[type=password]').fill(password);
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/(home|workflow)/);
	for (const { name, workflowId } of examples) {
		await page.goto(`${n8n.url}/workflow/${workflowId}`);
		await page.getByTestId('canvas-node').first().waitFor();
		await page.screenshot({ path: path.join(FOLDER, `${name}-${colorScheme}.png`) });
	}
	await context.close();
}

async function main() {
	await mkdir(FOLDER, { recursive: true });
	const playground = await startPlayground();
	const browser = await launchChromium();
	try {
		await takePictures(browser, playground, 'light');
		await takePictures(browser, playground, 'dark');
	} finally {
		await browser.close();
		await playground.stop();
	}
}

void main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
