import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listTarball, packPackage, readManifest } from '../support/n8n/n8n-package';

/** What a user downloads beside the dependencies; generous, to notice a stray file. */
const SIZE_LIMIT_BYTES = 400 * 1024;
/** Unpacked, without the dependencies. */
const UNPACKED_LIMIT_BYTES = 3_000_000;

describe('the packed tarball', () => {
	let target: string;
	let tarball: string;
	let files: string[];

	beforeAll(async () => {
		target = await mkdtemp(path.join(tmpdir(), 'packed-'));
		tarball = await packPackage(target);
		files = await listTarball(tarball);
	});
	afterAll(() => rm(target, { recursive: true, force: true }));

	it.each(['package.json', 'index.js', 'README.md', 'LICENSE', 'CHANGELOG.md'])(
		'holds %s',
		(name) => {
			expect(files).toContain(name);
		},
	);

	it('holds every file that its n8n block names', async () => {
		const { n8n } = await readManifest();
		const named = [...n8n.nodes, ...n8n.credentials];
		expect(named).not.toEqual([]);
		expect(files).toEqual(expect.arrayContaining(named));
	});

	it('holds compiled nodes and credentials with their icons and metadata, and nothing else', () => {
		const allowed = /^dist\/(nodes|credentials)\/.*(\.js|\.svg|\.png|\.node\.json)$/;
		const top = /^(package\.json|index\.js|README\.md|LICENSE|CHANGELOG\.md)$/;
		expect(files.filter((name) => !allowed.test(name) && !top.test(name))).toEqual([]);
	});

	it('holds no test and no source map, nor a hint at one', async () => {
		expect(files.filter((name) => /(^|\/)tests?\/|\.(test|spec)\.|\.map$/.test(name))).toEqual([]);
		expect(gunzipSync(await readFile(tarball)).includes('sourceMappingURL')).toBe(false);
	});

	it('is small, packed and unpacked', async () => {
		expect((await stat(tarball)).size).toBeLessThan(SIZE_LIMIT_BYTES);
		expect(gunzipSync(await readFile(tarball)).length).toBeLessThan(UNPACKED_LIMIT_BYTES);
	});
});
