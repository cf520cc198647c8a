import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { isRecord, toRecord, type Json } from '../support/n8n/n8n-answers';
import { PROJECT_FOLDER } from '../support/n8n/n8n-package';

const read = (name: string): string => readFileSync(path.join(PROJECT_FOLDER, name), 'utf8');
const DOCUMENT = read('docs/dependencies.md');
const DEPENDENCIES = Object.entries(
	toRecord(toRecord(JSON.parse(read('package.json'))).dependencies),
);

/** What is installed with the package by n8n: nothing for development, and no peer. */
const INSTALLED = Object.entries(toRecord(toRecord(JSON.parse(read('package-lock.json'))).packages))
	.filter((entry): entry is [string, Json] => entry[0] !== '' && isRecord(entry[1]))
	.filter(([, { dev, devOptional, peer }]) => ![dev, devOptional, peer].includes(true));

describe('docs/dependencies.md', () => {
	it.each(DEPENDENCIES)('justifies %s, which is pinned', (name, version) => {
		expect(version).toMatch(/^\d+\.\d+\.\d+$/);
		expect(DOCUMENT).toContain(`- \`${name}\` ${String(version)} (`);
	});

	it('justifies nothing else, and counts all that comes along', () => {
		expect(DOCUMENT.match(/^- `[^`]+` \d/gm)).toHaveLength(DEPENDENCIES.length);
		expect(DOCUMENT).toContain(`they are ${String(INSTALLED.length)} packages`);
	});
});

describe('the packages that are installed with this one', () => {
	it('run nothing when they are installed', () => {
		expect(INSTALLED.filter(([, entry]) => entry.hasInstallScript === true)).toEqual([]);
	});

	it('have licences that allow everything that MIT does', () => {
		const permissive = new Set([
			'MIT',
			'MIT-0',
			'ISC',
			'BSD-2-Clause',
			'BSD-3-Clause',
			'Apache-2.0',
		]);
		const others = INSTALLED.filter(([, { license }]) => !permissive.has(String(license)));
		expect(others.map(([name, { license }]) => `${name} ${String(license)}`)).toEqual([
			'node_modules/@zone-eu/mailsplit (MIT OR EUPL-1.1+)',
		]);
	});
});
