import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** The folder of this package. */
export const PROJECT_FOLDER = path.resolve(__dirname, '../../..');

/** What the tests need to know of a package.json. */
export interface PackageManifest {
	name: string;
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

const isStringList = (value: unknown): value is string[] =>
	Array.isArray(value) && value.every((entry) => typeof entry === 'string');

/**
 * Reads the package.json of a folder, the project's when left out.
 * @throws When it is not that of an n8n package.
 */
export async function readManifest(folder = PROJECT_FOLDER): Promise<PackageManifest> {
	const json: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
	const { name, version, n8n } = isRecord(json) ? json : {};
	const { nodes, credentials } = isRecord(n8n) ? n8n : {};
	if (typeof name !== 'string' || typeof version !== 'string') throw new Error('Nameless package');
	if (!isStringList(nodes) || !isStringList(credentials)) throw new Error(`${name} is not for n8n`);
	return { name, version, n8n: { nodes, credentials } };
}

/** The class that n8n takes from a file: its name is the file's, up to the first dot. */
export const toClassName = (file: string) => path.basename(file).split('.')[0] ?? '';

/** The name that a node or credential type has by convention: its class name, in lower camel case. */
export const toTypeName = (file: string) =>
	toClassName(file).replace(/^[A-Z]/, (letter) => letter.toLowerCase());

/**
 * Packs a package as for publishing, from what its `dist` folder holds: build it first.
 * @returns Path of the tarball.
 */
export async function packPackage(target: string, folder = PROJECT_FOLDER): Promise<string> {
	await mkdir(target, { recursive: true });
	await run('npm', ['pack', '--silent', '--pack-destination', target], { cwd: folder });
	const tarball = (await readdir(target)).find((name) => name.endsWith('.tgz'));
	if (tarball === undefined) throw new Error(`npm pack left no tarball in ${target}`);
	return path.join(target, tarball);
}

/** Files in a tarball, relative to the package, sorted. */
export async function listTarball(tarball: string): Promise<string[]> {
	const { stdout } = await run('tar', ['-tzf', tarball]);
	const files = stdout.split('\n').filter((name) => name !== '' && !name.endsWith('/'));
	return files.map((name) => name.replace(/^package\//, '')).sort();
}

const toInstalledFolder = (userFolder: string, name: string) =>
	path.join(userFolder, '.n8n/nodes/node_modules', name);

/** Leaves of a package.json what n8n leaves of it, and returns its run-time dependencies. */
async function stripManifest(folder: string): Promise<string[]> {
	const file = path.join(folder, 'package.json');
	const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
	if (!isRecord(manifest)) throw new Error(`${file} is not an object`);
	for (const key of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete manifest[key];
	}
	await writeFile(file, JSON.stringify(manifest, null, 2));
	return isRecord(manifest.dependencies) ? Object.keys(manifest.dependencies) : [];
}

/**
 * Installs a tarball where n8n looks for community packages, with the steps and switches of n8n's
 * own installation from the user interface (n8n: community-packages.service.js, `downloadPackage`).
 * @param userFolder N8N_USER_FOLDER.
 * @returns The folder of the package.
 */
export async function installPackage(tarball: string, userFolder: string, name: string) {
	const folder = toInstalledFolder(userFolder, name);
	await mkdir(folder, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	await stripManifest(folder);
	const switches = ['--audit=false', '--fund=false', '--bin-links=false', '--package-lock=false'];
	const strategy = ['--install-strategy=shallow', '--ignore-scripts=true'];
	await run('npm', ['install', '--prefix', folder, ...switches, ...strategy], { cwd: folder });
	return folder;
}

/**
 * Puts the project as it is built now where n8n looks for community packages, without packing:
 * for development, where it is done again after each change. `dist` is copied, because from a link
 * into the project its code would find the project's n8n-workflow and not that of the server.
 * @param userFolder N8N_USER_FOLDER.
 */
export async function linkPackage(userFolder: string): Promise<void> {
	const { name } = await readManifest();
	const folder = toInstalledFolder(userFolder, name);
	await rm(folder, { recursive: true, force: true });
	await mkdir(path.join(folder, 'node_modules'), { recursive: true });
	for (const part of ['dist', 'package.json']) {
		await cp(path.join(PROJECT_FOLDER, part), path.join(folder, part), { recursive: true });
	}
	for (const dependency of await stripManifest(folder)) {
		const link = path.join(folder, 'node_modules', dependency);
		await mkdir(path.dirname(link), { recursive: true });
		await symlink(path.join(PROJECT_FOLDER, 'node_modules', dependency), link);
	}
}
