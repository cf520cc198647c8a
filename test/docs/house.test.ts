import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

import { PROJECT_FOLDER } from './pages';

const MOST_FILES = 20;

const filesIn = (folder: string) =>
	readdirSync(join(PROJECT_FOLDER, folder), { recursive: true, encoding: 'utf8' })
		.map((name) => posix.join(folder, name.replaceAll('\\', '/')))
		.filter((name) => name.endsWith('.ts'))
		.map((name) => ({ name, source: readFileSync(join(PROJECT_FOLDER, name), 'utf8') }));

const FILES = ['nodes', 'credentials'].flatMap(filesIn);
const ROOMS = [...new Set(FILES.map(({ name }) => dirname(name)))].sort();

/** Files of ours that a file imports, types included, which the rule of ESLint's for circles passes over. */
function importsOf(name: string, source: string): readonly string[] {
	return [...source.matchAll(/^(?:import|export)\b[^;]*?from '(?<path>\.[^']+)'/gm)].map(
		({ groups }) => `${posix.join(dirname(name), groups?.['path'] ?? '')}.ts`,
	);
}
/** Of each file, and of each that tests have. */
const IMPORTS = new Map(
	[...FILES, ...filesIn('test')].map(({ name, source }) => [name, importsOf(name, source)]),
);

/** Names in backticks. */
const listOf = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

const testsIn = (folder: string) =>
	[...IMPORTS.keys()].filter((name) => name.startsWith(`${folder}/`) && name.endsWith('.test.ts'));

/** A way from a file back to itself, or undefined. */
function findCircle(start: string): readonly string[] | undefined {
	const seen = new Set<string>();
	const ways: Array<readonly string[]> = [[start]];
	for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
		for (const next of IMPORTS.get(way.at(-1) ?? '') ?? []) {
			if (next === start) return [...way, start];
			if (!seen.has(next)) ways.push([...way, next]);
			seen.add(next);
		}
	}
	return undefined;
}

/** Files of ours that tests reach by imports. */
function reachedFrom(tests: readonly string[]): ReadonlySet<string> {
	const seen = new Set(tests);
	for (const file of seen) {
		for (const next of IMPORTS.get(file) ?? []) seen.add(next);
	}
	return seen;
}

describe('the house', () => {
	it('is read', () => {
		expect(IMPORTS.get('nodes/ingest/poll.ts')).toContain('nodes/ingest/scan.ts');
	});

	it('has no files that import each other in a circle, types included', () => {
		expect(FILES.flatMap(({ name }) => findCircle(name)?.join(' -> ') ?? [])).toEqual([]);
	});

	it.each(ROOMS)('has no more in %s than can be looked through', (room) => {
		expect(FILES.filter(({ name }) => dirname(name) === room).length).toBeLessThanOrEqual(
			MOST_FILES,
		);
	});

	it.each(ROOMS.filter((room) => room !== 'credentials'))(
		'tells once what happens in %s',
		(room) => {
			const first = FILES.filter(
				({ name, source }) => dirname(name) === room && source.startsWith('/*\n'),
			);
			expect(first.map(({ name }) => name)).toHaveLength(1);
		},
	);

	it('shows no parameter by a pattern, which n8n fails to read when the machine is busy', () => {
		expect(FILES.filter(({ source }) => /_cnd: \{ regex/.test(source))).toEqual([]);
	});

	it('knows for each file which tests guard it', () => {
		const page = readFileSync(join(PROJECT_FOLDER, 'docs/architecture.md'), 'utf8');
		const rows = [
			...page.matchAll(/^\| (?<rooms>`(?:nodes|credentials).*?) +\| (?<tests>.*?) +\|$/gm),
		].map(({ groups = {} }) => ({
			rooms: listOf(groups['rooms'] ?? ''),
			reached: reachedFrom(listOf(groups['tests'] ?? '').flatMap(testsIn)),
		}));
		expect(rows.length).toBeGreaterThan(9);
		const isGuarded = (name: string) =>
			rows
				.find(({ rooms }) => rooms.some((room) => name.startsWith(`${room}/`)))
				?.reached.has(name);
		expect(FILES.map(({ name }) => name).filter((name) => isGuarded(name) !== true)).toEqual([]);
	});

	it('keeps nothing in module scope but what the page on architecture names', () => {
		const page = readFileSync(join(PROJECT_FOLDER, 'docs/architecture.md'), 'utf8');
		const state = page.slice(page.indexOf('## State'));
		const holders = FILES.filter(({ source }) =>
			/^(?:let |(?:export )?const \w+(?::[^=]+)? = new (?:WeakMap|WeakSet|Map<[^>]*>\(\)|\w*(?:Registry|States)\b))/m.test(
				source,
			),
		);
		expect(holders.length).toBeGreaterThan(3);
		expect(
			holders
				.map(({ name }) => name.replace(/^nodes\//, ''))
				.filter((name) => !state.includes(dirname(name))),
		).toEqual([]);
	});
});
