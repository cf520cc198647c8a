import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { PROJECT_FOLDER } from '../support/n8n/n8n-package';

/** Only `npm run pictures` wants pictures. */
const FOLDER =
	process.env.PICTURES === 'true' ? path.join(PROJECT_FOLDER, 'docs/images') : undefined;
/** Canvas around nodes with their captions, in pixels. */
export const CANVAS_MARGIN = 100;

/** What comes and goes is not pictured. */
const CALM =
	'.el-notification, .el-popper, [data-reka-popper-content-wrapper], [data-test-id^=execute-workflow-button] { visibility: hidden !important; }';

export interface PictureOptions {
	/** Pixels around what is pictured; none when left out. */
	readonly margin?: number;
	/** Height of the window meanwhile, for what is longer than a screen. */
	readonly height?: number;
}

/** The smallest box around all of the elements, with a margin. */
async function toBox(elements: Locator, margin: number) {
	await elements.first().waitFor();
	const found = await Promise.all((await elements.all()).map((element) => element.boundingBox()));
	const boxes = found.filter((box) => box !== null);
	const left = Math.min(...boxes.map(({ x }) => x)) - margin;
	const top = Math.min(...boxes.map(({ y }) => y)) - margin;
	const right = Math.max(...boxes.map(({ x, width }) => x + width)) + margin;
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + margin;
	return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Takes a picture of some elements for the documents; does nothing unless pictures are wanted. */
export async function takePicture(
	elements: Locator,
	name: string,
	{ margin = 0, height }: PictureOptions = {},
): Promise<void> {
	if (FOLDER === undefined) return;
	const page = elements.page();
	const viewport = page.viewportSize();
	if (viewport !== null && height !== undefined) {
		await page.setViewportSize({ ...viewport, height });
	}
	await elements.first().scrollIntoViewIfNeeded();
	await page.mouse.move(0, 0);
	await page.waitForFunction('Array.from(document.images).every((image) => image.complete)');
	const clip = await toBox(elements, margin);
	const file = path.join(FOLDER, `${name}.png`);
	await page.screenshot({ path: file, clip, style: CALM, animations: 'disabled' });
	if (viewport !== null) await page.setViewportSize(viewport);
}

/**
 * Does something on a page.
 * @throws What it throws, with the path of a picture of the page as it was then.
 */
export async function watched<T>(page: Page, act: () => Promise<T>): Promise<T> {
	try {
		return await act();
	} catch (error) {
		const folder = await mkdtemp(path.join(tmpdir(), 'browser-'));
		const file = path.join(folder, 'failure.png');
		const taken = await page.screenshot({ path: file }).then(
			() => file,
			(reason: unknown) => `none (${String(reason)})`,
		);
		const message = error instanceof Error ? error.message : String(error);
		throw new Error(`${message}\nPicture of the page: ${taken}`, { cause: error });
	}
}
