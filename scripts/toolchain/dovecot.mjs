import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installOnce } from './cache.mjs';
import { findOnPath, run } from './command.mjs';
import { findLibraryFolders, isDebianLike, unpackDebianPackages } from './debian.mjs';

/** The settings of Dovecot 2.4 have other names; the tests write those of 2.3. */
const SUPPORTED_VERSION = /^2\.3\./;
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/**
 * Dovecot looks for its TLS and JWT modules below one compiled-in folder that no setting changes.
 * In our unpacked copy that folder becomes a relative one of the same length: `lib` in the folder
 * that Dovecot's processes run in (its base_dir), where test/support/servers/dovecot-process.ts puts a link.
 */
const LIBRARY_FOLDER = '/usr/lib/dovecot';
const RELATIVE_LIBRARY_FOLDER = './lib'.padEnd(LIBRARY_FOLDER.length, '/');
const ELF = Buffer.from('\x7fELF');

/** @param {string} file */
async function relocate(file) {
	const binary = await readFile(file);
	if (!binary.subarray(0, ELF.length).equals(ELF)) return;
	let from = binary.indexOf(LIBRARY_FOLDER);
	if (from === -1) return;
	for (; from !== -1; from = binary.indexOf(LIBRARY_FOLDER, from)) {
		binary.write(RELATIVE_LIBRARY_FOLDER, from, 'latin1');
	}
	await writeFile(file, binary);
}

/** @param {string} folder */
async function install(folder) {
	const root = await unpackDebianPackages(['dovecot-imapd'], folder);
	for (const part of ['usr/bin', 'usr/sbin', 'usr/lib/dovecot']) {
		const entries = await readdir(path.join(root, part), { recursive: true, withFileTypes: true });
		for (const entry of entries) {
			if (entry.isFile()) await relocate(path.join(entry.parentPath ?? entry.path, entry.name));
		}
	}
}

/**
 * @param {string} dovecot
 * @param {NodeJS.ProcessEnv} [env]
 */
async function readVersion(dovecot, env = process.env) {
	return (await run(dovecot, ['--version'], { env })).trim();
}

/** @param {string} version */
const toUnsupported = (version) => ({
	unavailable: `Dovecot ${version} was found, but the tests need 2.3`,
});

async function unpackDovecot() {
	const root = path.join(await installOnce('dovecot', install), 'root');
	const libraryFolders = await findLibraryFolders(root);
	const dovecot = path.join(root, 'usr/sbin/dovecot');
	const LD_LIBRARY_PATH = libraryFolders.map((folder) => path.join(root, folder)).join(':');
	const version = await readVersion(dovecot, { ...process.env, LD_LIBRARY_PATH });
	if (!SUPPORTED_VERSION.test(version)) return toUnsupported(version);
	const doveconf = path.join(root, 'usr/bin/doveconf');
	return { path: dovecot, doveconf, unpacked: { root, libraryFolders } };
}

/** @param {string} dovecot */
async function useSystemDovecot(dovecot) {
	const doveconf = findOnPath('doveconf');
	if (doveconf === undefined) return { unavailable: `${dovecot} has no doveconf on the PATH` };
	const version = await readVersion(dovecot);
	return SUPPORTED_VERSION.test(version) ? { path: dovecot, doveconf } : toUnsupported(version);
}

/**
 * Dovecot 2.3 with IMAP: the system's, else one unpacked from Debian's packages into the cache.
 * @returns {Promise<import('../toolchain.mjs').DovecotTool>} The `dovecot` program, its `doveconf`,
 * and how to run them where they were unpacked and not installed.
 */
export async function ensureDovecot() {
	const system = findOnPath('dovecot', SYSTEM_FOLDERS);
	try {
		if (system !== undefined) return await useSystemDovecot(system);
		if (isDebianLike()) return await unpackDovecot();
		return { unavailable: 'no dovecot on the PATH, and no apt-get to fetch it with' };
	} catch (error) {
		return { unavailable: `Dovecot could not be had: ${String(error)}` };
	}
}
