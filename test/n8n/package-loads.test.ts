import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, packPackage, readManifest, toTypeName } from '../support/n8n/n8n-package';
import type { PackageManifest } from '../support/n8n/n8n-package';
import { startN8n, type N8nServer } from '../support/n8n/n8n-server';

describe('the packed tarball in a real n8n', () => {
	let manifest: PackageManifest;
	let target: string;
	let n8n: N8nServer;

	beforeAll(async () => {
		manifest = await readManifest();
		target = await mkdtemp(path.join(tmpdir(), 'packed-'));
		const tarball = await packPackage(target);
		n8n = await startN8n({
			prepare: (userFolder) => installPackage(tarball, userFolder, manifest.name),
		});
	});
	afterAll(async () => {
		await n8n.stop();
		await rm(target, { recursive: true, force: true });
	});

	it('brings every node type that package.json names', async () => {
		const expected = manifest.n8n.nodes.map((file) => `${manifest.name}.${toTypeName(file)}`);
		const loaded = await n8n.api.listNodeTypes();
		expect(expected).not.toEqual([]);
		expect(loaded.filter((name) => name.startsWith(`${manifest.name}.`)).sort()).toEqual(
			expect.arrayContaining(expected.sort()),
		);
	});

	it('brings every credential type that package.json names', async () => {
		const expected = manifest.n8n.credentials.map(toTypeName);
		expect(expected).not.toEqual([]);
		expect(await n8n.api.listCredentialTypes()).toEqual(expect.arrayContaining(expected));
	});

	it('is loaded without a word of complaint', () => {
		const complaints = n8n
			.readLog()
			.split('\n')
			.filter((line) => line.includes(manifest.name));
		expect(complaints).toEqual([]);
	});
});
