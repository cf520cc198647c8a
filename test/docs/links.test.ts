import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** What n8n's screens link to: pages of the repository. */
const REPOSITORY =
	/https:\/\/github\.com\/panoramicdata\/n8n-nodes-imap-ingest(?:\/blob\/main\/(?<path>[\w./-]+))?(?:#(?<anchor>[\w-]+))/g;
const SCREEN_LINKS = ['nodes', 'credentials']
	.flatMap((top) =>
		readdirSync(join(PROJECT_FOLDER, top), { recursive: true, encoding: 'utf8' }).map((name) =>
			join(top, name),
		),
	)
	.filter((name) => /\.(?:json|ts)$/.test(name))
	.flatMap((name) =>
		[...readFileSync(join(PROJECT_FOLDER, name), 'utf8').matchAll(REPOSITORY)].map(
			({ groups = {} }): [file: string, path: string, anchor: string] => [
				name,
				groups['path'] ?? 'README.md',
				groups['anchor'] ?? '',
			],
		),
	);

it.each(SCREEN_LINKS)('%s links to a section that is there: %s#%s', (_file, path, anchor) => {
	expect(anchorsOf(join(PROJECT_FOLDER, path))).toContain(anchor);
});

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
