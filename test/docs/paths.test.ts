import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { PAGES, PROJECT_FOLDER } from './pages';

const FOLDERS = ['nodes', 'credentials', 'examples', 'scripts', 'test'];
const FILES = [
	...readdirSync(PROJECT_FOLDER),
	...FOLDERS.flatMap((folder) =>
		readdirSync(join(PROJECT_FOLDER, folder), { recursive: true, encoding: 'utf8' }).map(
			(name) => `${folder}/${name}`,
		),
	),
];

/** Names of source files, such as `core/cursor.ts` or `mail/*-faults.ts`; NAME stands for one that is to be written. */
const NAMES = PAGES.flatMap(({ path, text }) =>
	[...text.matchAll(/`(?<name>[\w/.*-]+\.(?:ts|mjs))`/g)]
		.map(({ groups }) => ({ path, name: groups?.['name'] ?? '' }))
		.filter(({ name }) => !name.includes('NAME')),
);

describe('the source files that the documents name', () => {
	it('are found', () => {
		expect(NAMES).toContainEqual({ path: 'docs/architecture.md', name: 'core/delivery/cursor.ts' });
	});

	it.each(NAMES)('$path names a file that is there: $name', ({ name }) => {
		const pattern = name.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
		expect(FILES.some((file) => new RegExp(`(^|/)${pattern}$`).test(file))).toBe(true);
	});
});
