import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const TABLE = readFileSync(join(__dirname, 'README.md'), 'utf8');
const ROWS = [...TABLE.matchAll(/\| (?<file>[\w/-]+)\s+"(?<name>[^"]+)"[^|]*\|$/gm)].map(
	({ groups }) => [groups?.['name'] ?? '', groups?.['file'] ?? ''] as const,
);

it('has a test for each row', () => {
	const rows = TABLE.split('\n').filter((line) => line.startsWith('| ')).length;
	// Besides the heads of the columns and the line under them.
	expect(ROWS).toHaveLength(rows - 2);
});

it.each(ROWS)('"%s" is in %s', (name, file) => {
	const source = readFileSync(join(__dirname, '../../', `${file}.test.ts`), 'utf8');
	expect(source).toContain(name);
});
