import { existsSync } from 'node:fs';
import path from 'node:path';
import { installOnce } from './cache.mjs';
import { findOnPath } from './command.mjs';
import { findLibraryFolders, isDebianLike, unpackDebianPackages } from './debian.mjs';

const PACKAGES = ['isync', 'getmail6'];
const PYTHON = 'usr/bin/python3';
const PYTHON_LIBRARIES = 'usr/lib/python3/dist-packages';

/**
 * mbsync and getmail, for the benchmark: the system's, else unpacked from Debian's packages into the cache.
 * @returns {Promise<import('../toolchain.mjs').MailFetcherTool>} `path` is mbsync; getmail is started with the words of `getmail`.
 */
export async function ensureMailFetchers() {
	const mbsync = findOnPath('mbsync');
	const getmail = findOnPath('getmail');
	if (mbsync !== undefined && getmail !== undefined) {
		return { path: mbsync, getmail: [getmail], env: {} };
	}
	if (!isDebianLike()) return { unavailable: 'no mbsync and getmail on the PATH, and no apt-get' };
	try {
		const folder = await installOnce('mail-fetchers', async (target) => {
			await unpackDebianPackages(PACKAGES, target);
		});
		const root = path.join(folder, 'root');
		const libraryFolders = await findLibraryFolders(root);
		// Debian's own comes first: one on the PATH may belong to a user alone.
		const python = [path.join(root, PYTHON), path.join('/', PYTHON)].find((file) =>
			existsSync(file),
		);
		return {
			path: path.join(root, 'usr/bin/mbsync'),
			getmail: [python ?? 'python3', path.join(root, 'usr/bin/getmail')],
			env: {
				LD_LIBRARY_PATH: libraryFolders.map((library) => path.join(root, library)).join(':'),
				PYTHONPATH: path.join(root, PYTHON_LIBRARIES),
			},
		};
	} catch (error) {
		return { unavailable: `mbsync and getmail could not be had: ${String(error)}` };
	}
}
