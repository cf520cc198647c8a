import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { installOnce } from './cache.mjs';
import { findOnPath } from './command.mjs';
import { findLibraryFolders, isDebianLike, unpackDebianPackages } from './debian.mjs';

/** Below it Debian has a folder for each version of PostgreSQL. */
const POSTGRES_VERSIONS = 'usr/lib/postgresql';

/**
 * Unpacks a Debian package into the cache.
 * @param {string} name Of the package and of the folder.
 * @returns {Promise<{ root: string, env: Record<string, string> }>}
 */
async function unpack(name) {
	const folder = await installOnce(name, async (target) => {
		await unpackDebianPackages([name], target);
	});
	const root = path.join(folder, 'root');
	const libraryFolders = await findLibraryFolders(root);
	const LD_LIBRARY_PATH = libraryFolders.map((library) => path.join(root, library)).join(':');
	return { root, env: { LD_LIBRARY_PATH } };
}

/**
 * Redis: the system's, else one unpacked from Debian's packages into the cache.
 * @returns {Promise<import('../toolchain.mjs').ServerTool>} The `redis-server` program.
 */
export async function ensureRedis() {
	const system = findOnPath('redis-server');
	if (system !== undefined) return { path: system, env: {} };
	if (!isDebianLike()) return { unavailable: 'no redis-server on the PATH, and no apt-get' };
	try {
		const { root, env } = await unpack('redis-server');
		return { path: path.join(root, 'usr/bin/redis-server'), env, root };
	} catch (error) {
		return { unavailable: `Redis could not be unpacked: ${String(error)}` };
	}
}

/** @param {string} root */
async function findPostgres(root) {
	const versions = await readdir(path.join(root, POSTGRES_VERSIONS));
	const version = versions.sort((a, b) => Number(a) - Number(b)).at(-1) ?? '';
	return path.join(root, POSTGRES_VERSIONS, version, 'bin/postgres');
}

/** Its companions lie beside the program itself, which PATH may only hold a link to. */
async function findSystemPostgres() {
	const onPath = findOnPath('postgres');
	if (onPath !== undefined) return await realpath(onPath);
	return existsSync(path.join('/', POSTGRES_VERSIONS)) ? await findPostgres('/') : undefined;
}

/**
 * PostgreSQL: the system's, else one unpacked from Debian's packages into the cache.
 * @returns {Promise<import('../toolchain.mjs').ServerTool>} The `postgres` program; `initdb` lies beside it.
 */
export async function ensurePostgres() {
	try {
		const system = await findSystemPostgres();
		if (system !== undefined) return { path: system, env: {} };
		if (!isDebianLike()) return { unavailable: 'no postgres on the PATH, and no apt-get' };
		const { root, env } = await unpack('postgresql');
		return { path: await findPostgres(root), env, root };
	} catch (error) {
		return { unavailable: `PostgreSQL could not be had: ${String(error)}` };
	}
}
