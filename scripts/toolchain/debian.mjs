import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { findOnPath, run } from './command.mjs';

/** What has to be there to take a program from Debian's packages without installing it. */
export const isDebianLike = () =>
	['apt-get', 'dpkg-deb'].every((name) => findOnPath(name) !== undefined);

/**
 * Unpacks Debian packages, and those of their dependencies that the system lacks, below a folder.
 * Nothing is installed and no root is needed: apt-get works on lists and archives of its own, and
 * only reads the system's list of installed packages.
 * @param {string[]} packageNames
 * @param {string} folder Gets the tree `usr/...` below `root`.
 * @returns {Promise<string>} The folder that stands for `/`.
 */
export async function unpackDebianPackages(packageNames, folder) {
	const root = path.join(folder, 'root');
	const apt = path.join(folder, 'apt');
	const archives = path.join(apt, 'cache', 'archives');
	await mkdir(path.join(apt, 'lists', 'partial'), { recursive: true });
	await mkdir(path.join(archives, 'partial'), { recursive: true });
	await mkdir(root, { recursive: true });
	const settings = [
		`Dir::State::lists=${path.join(apt, 'lists')}`,
		`Dir::Cache=${path.join(apt, 'cache')}`,
		'Debug::NoLocking=1',
		'APT::Sandbox::User=root',
		'Acquire::Languages=none',
		'Acquire::Retries=3',
	].flatMap((setting) => ['-o', setting]);
	await run('apt-get', [...settings, '--quiet', 'update']);
	const download = ['--quiet', '--yes', '--no-install-recommends', '--download-only'];
	await run('apt-get', [...settings, ...download, 'install', ...packageNames]);
	const files = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
	if (files.length === 0)
		throw new Error(`apt-get downloaded nothing for ${packageNames.join(' ')}`);
	for (const file of files) await run('dpkg-deb', ['-x', path.join(archives, file), root]);
	await rm(apt, { recursive: true, force: true });
	return root;
}

/**
 * Folders of shared libraries in an unpacked tree, relative to it.
 * @param {string} root
 */
export async function findLibraryFolders(root) {
	const folders = new Set();
	for (const part of ['usr/lib', 'lib'].filter((name) => existsSync(path.join(root, name)))) {
		const entries = await readdir(path.join(root, part), { recursive: true, withFileTypes: true });
		for (const entry of entries) {
			const folder = path.relative(root, entry.parentPath ?? entry.path);
			if (/\.so(\.|$)/.test(entry.name) && !folder.includes('modules')) folders.add(folder);
		}
	}
	return [...folders];
}
