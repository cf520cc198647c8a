import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { PROJECT_FOLDER } from './pages';

const SUITE = join(PROJECT_FOLDER, 'test/server/servers');
const [HEAD = ''] = /^\| Feature .*$/m.exec(
	readFileSync(join(PROJECT_FOLDER, 'docs/servers.md'), 'utf8'),
) ?? [''];

const SERVERS = readdirSync(SUITE).flatMap((file) => {
	const source = readFileSync(join(SUITE, file), 'utf8');
	return /^describeServer\('(?<name>[^']+)'/m.exec(source)?.groups?.['name'] ?? [];
});

it.each(SERVERS)(
	'the page on servers has a column for %s, and for none that is not tried',
	(name) => {
		expect(HEAD).toContain(name);
		// A blank column before the first, one of features and one after the last.
		expect(HEAD.split('|')).toHaveLength(3 + SERVERS.length);
	},
);
