import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { PROJECT_FOLDER } from './pages';

const read = (page: string) => readFileSync(join(PROJECT_FOLDER, 'docs', page), 'utf8');

it('compares by figures of the benchmark only', () => {
	const figures = read('compare.md').match(/\d+\.\d+ s\b/g) ?? [];
	expect(figures.length).toBeGreaterThan(0);
	const measured = read('performance.md');
	expect(figures.filter((figure) => !measured.includes(figure))).toEqual([]);
});
