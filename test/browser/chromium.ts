import { chromium, selectors, type Browser } from 'playwright-core';

/** Nothing that talks to the outside, or needs a screen. */
const OFFLINE = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	// A name that is not this machine's is not even looked up.
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
];

/**
 * Starts Chromium without a window.
 * @throws When it cannot be had.
 */
export async function launchChromium(): Promise<Browser> {
	const { ensureChromium } = await import('../../scripts/toolchain.mjs');
	const tool = await ensureChromium();
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	// What n8n names its elements by.
	selectors.setTestIdAttribute('data-test-id');
	const env = { ...process.env, ...tool.env };
	return await chromium.launch({ executablePath: tool.path, env, args: OFFLINE });
}
