import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { PROJECT_FOLDER } from './pages';

const PAGE = readFileSync(join(PROJECT_FOLDER, 'docs', 'security-tests.md'), 'utf8');
const FILES = [...PAGE.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);

describe('the page of security tests', () => {
	it.each([...new Set(FILES)])('names a test that is there: %s', (file) => {
		expect(existsSync(join(PROJECT_FOLDER, file))).toBe(true);
	});
});
