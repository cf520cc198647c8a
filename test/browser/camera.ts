import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

import { PROJECT_FOLDER } from '../support/n8n-package';

/** Set by `npm run pictures`; the tests take no pictures then. */
const FOLDER =
	process.env.PICTURES === 'true' ? path.join(PROJECT_FOLDER, 'docs/images') : undefined;
/** Canvas around nodes and their captions. */
const MARGIN = 80;

interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

const toFile = (name: string) => path.join(FOLDER ?? '', `${name}.png`);

/** Waits until all pictures on the page are there. */
const waitForImages = (page: Page) =>
	page.waitForFunction('Array.from(document.images).every((image) => image.complete)');

/** Takes a picture for the documents; does nothing unless pictures are wanted. */
export async function takePicture(page: Page, name: string, clip: Box): Promise<void> {
	if (FOLDER === undefined) return;
	await waitForImages(page);
	await page.screenshot({ path: toFile(name), clip, animations: 'disabled' });
}

/** The box around some elements, with a margin. */
export async function toBox(elements: Locator, margin = MARGIN): Promise<Box> {
	await elements.first().waitFor();
	const found = await Promise.all((await elements.all()).map((element) => element.boundingBox()));
	const boxes = found.filter((box) => box !== null);
	const left = Math.min(...boxes.map(({ x }) => x)) - margin;
	const top = Math.min(...boxes.map(({ y }) => y)) - margin;
	const right = Math.max(...boxes.map(({ x, width }) => x + width)) + margin;
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + margin;
	return { x: left, y: top, width: right - left, height: bottom - top };
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
