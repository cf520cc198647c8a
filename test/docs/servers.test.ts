import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { PROJECT_FOLDER } from './pages';

const SUITE = join(PROJECT_FOLDER, 'test/server/servers');
const [HEAD = ''] = /^\| Feature .*$/m.exec(
	readFileSync(join(PROJECT_FOLDER, 'docs/servers.md'), 'utf8'),
) ?? [''];

it.each(readdirSync(SUITE).filter((name) => name.endsWith('.test.ts')))(
	'the page on servers has a column for the server of %s, and no other',
	(file) => {
		const source = readFileSync(join(SUITE, file), 'utf8');
		const name = /describeServer\('(?<name>[^']+)'/.exec(source)?.groups?.['name'];
		expect(HEAD).toContain(name);
		// A blank column before the first, one of features and one after the last.
		expect(HEAD.split('|')).toHaveLength(
			3 + readdirSync(SUITE).filter((one) => one.endsWith('.test.ts')).length,
		);
	},
);
