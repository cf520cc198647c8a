import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { PAGES, PROJECT_FOLDER } from './pages';

const INLINE_LINK = /\]\((?<target>[^)\s]+)\)/g;
const IMAGE_ATTRIBUTE = /(?:src|srcset)="(?<target>[^"]+)"/g;

const LINKS = PAGES.flatMap(({ path, text }) =>
	[...text.matchAll(INLINE_LINK), ...text.matchAll(IMAGE_ATTRIBUTE)]
		.map(({ groups }) => groups?.['target'] ?? '')
		.filter((target) => !/^[a-z]+:/.test(target))
		.map((target): [page: string, target: string] => [path, target]),
);

/** The anchor that GitHub gives a heading. */
function toAnchor(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.trim()
		.replaceAll(' ', '-');
}

function anchorsOf(file: string): readonly string[] {
	const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
	return [...headings].map(([, heading = '']) => toAnchor(heading));
}

describe('the links of the documents', () => {
	it('are found', () => {
		expect(LINKS).toContainEqual(['README.md', 'docs/rules.md']);
	});

	it.each(LINKS)('of %s lead somewhere: %s', (page, target) => {
		const [path = '', anchor] = target.split('#');
		const file =
			path === '' ? join(PROJECT_FOLDER, page) : join(PROJECT_FOLDER, dirname(page), path);
		expect(existsSync(file)).toBe(true);
		if (anchor !== undefined) expect(anchorsOf(file)).toContain(anchor);
	});
});
