import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_FOLDER, readManifest, toClassName, toTypeName } from '../support/n8n/n8n-package';
import type { PackageManifest } from '../support/n8n/n8n-package';

interface WithIcon {
	name: string;
	icon?: unknown;
	iconUrl?: string | { light: string; dark: string };
}

/** Icon files of a loaded type, as paths below the package. */
const toIconFiles = ({ iconUrl }: WithIcon, packageName: string) => {
	const urls = typeof iconUrl === 'object' ? Object.values(iconUrl) : [iconUrl ?? ''];
	return urls.map((url) => url.replace(`icons/${packageName}/`, ''));
};

describe('the package as n8n loads it', () => {
	let manifest: PackageManifest;
	let loader: PackageDirectoryLoader;

	beforeAll(async () => {
		manifest = await readManifest();
		loader = new PackageDirectoryLoader(PROJECT_FOLDER);
		await loader.loadAll();
	});

	it('has the node types that its files are named for', () => {
		const loaded = Object.keys(loader.known.nodes);
		expect(loaded).not.toEqual([]);
		expect(loaded.sort()).toEqual(manifest.n8n.nodes.map(toTypeName).sort());
	});

	it('has the credential types that its files are named for', () => {
		const loaded = Object.keys(loader.known.credentials);
		expect(loaded).not.toEqual([]);
		expect(loaded.sort()).toEqual(manifest.n8n.credentials.map(toTypeName).sort());
	});

	it('exports from each file the class of its name', () => {
		const { nodes, credentials } = loader.known;
		const known = { ...nodes, ...credentials };
		const classes = Object.values(known).map(({ className }) => className);
		const files = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
		expect(classes.sort()).toEqual(files.map(toClassName).sort());
	});

	it('gives every type icons that exist', () => {
		const types: WithIcon[] = [...loader.types.nodes, ...loader.types.credentials];
		const missing = types.filter((type) => {
			const files = toIconFiles(type, manifest.name);
			return !files.every((file) => file !== '' && existsSync(path.join(PROJECT_FOLDER, file)));
		});
		expect(missing.map(({ name }) => name)).toEqual([]);
	});

	it('uses only credential types that it has itself', () => {
		const used = loader.types.nodes.flatMap(({ credentials = [] }) => credentials);
		expect(Object.keys(loader.known.credentials)).toEqual(
			expect.arrayContaining(used.map(({ name }) => name)),
		);
	});

	it('describes every node in a metadata file that names it', async () => {
		for (const file of manifest.n8n.nodes) {
			const metadata = path.join(PROJECT_FOLDER, file.replace(/\.js$/, '.json'));
			const { node }: { node?: unknown } = JSON.parse(await readFile(metadata, 'utf8'));
			expect(node).toBe(`${manifest.name}.${toTypeName(file)}`);
		}
	});
});
