import path from 'node:path';
import { installOnce } from './cache.mjs';
import { findLibraryFolders, isDebianLike, unpackDebianPackages } from './debian.mjs';

/**
 * A mail server from Debian's packages, unpacked into the cache; one that the system has is not used, since the tests
 * need a place of their own for it.
 * @param {string} name Of the folder and of the package.
 * @param {string} program Below the folder that stands for `/`.
 * @returns {Promise<import('../toolchain.mjs').ServerTool>}
 */
async function unpackServer(name, program) {
	if (!isDebianLike())
		return { unavailable: `${name} is taken from Debian's packages: no apt-get` };
	try {
		const folder = await installOnce(name, async (target) => {
			await unpackDebianPackages([name], target);
		});
		const root = path.join(folder, 'root');
		const libraryFolders = await findLibraryFolders(root);
		const LD_LIBRARY_PATH = libraryFolders.map((library) => path.join(root, library)).join(':');
		return { path: path.join(root, program), env: { LD_LIBRARY_PATH }, root };
	} catch (error) {
		return { unavailable: `${name} could not be unpacked: ${String(error)}` };
	}
}

/** Cyrus IMAP; `path` is its master process. */
export const ensureCyrus = () => unpackServer('cyrus-imapd', 'usr/sbin/cyrmaster');

/** Courier-IMAP; `path` is its imapd, which serves one connection that has signed in. */
export const ensureCourier = () => unpackServer('courier-imap', 'usr/bin/imapd');
