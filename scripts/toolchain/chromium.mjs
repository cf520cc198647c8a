import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installOnce } from './cache.mjs';
import { findOnPath } from './command.mjs';
import { findLibraryFolders, isDebianLike, unpackDebianPackages } from './debian.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_FILE = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
/** The second brings the fonts that a system without a screen lacks. */
const DEBIAN_PACKAGES = ['chromium', 'fonts-liberation'];
const PROGRAM = 'usr/lib/chromium/chromium';

/** @param {string} folder */
async function install(folder) {
	const root = await unpackDebianPackages(DEBIAN_PACKAGES, folder);
	const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
	<dir>/usr/share/fonts</dir>
	<dir prefix="relative">root/usr/share/fonts</dir>
	<cachedir prefix="xdg">fontconfig</cachedir>
	<alias><family>sans-serif</family><prefer><family>Liberation Sans</family></prefer></alias>
	<alias><family>monospace</family><prefer><family>Liberation Mono</family></prefer></alias>
</fontconfig>
`;
	if (!existsSync(path.join(root, PROGRAM))) throw new Error(`the package has no ${PROGRAM}`);
	await writeFile(path.join(folder, 'fonts.conf'), fonts);
}

/** @param {string} folder */
async function toUnpacked(folder) {
	const root = path.join(folder, 'root');
	const libraryFolders = await findLibraryFolders(root);
	const LD_LIBRARY_PATH = libraryFolders.map((name) => path.join(root, name)).join(':');
	const env = { LD_LIBRARY_PATH, FONTCONFIG_FILE: path.join(folder, 'fonts.conf') };
	return { path: path.join(root, PROGRAM), env };
}

/**
 * Chromium: the system's, or Chrome, else one unpacked from Debian's packages into the cache.
 * @returns {Promise<import('../toolchain.mjs').Tool<{ env: Record<string, string> }>>} The program
 * and what its environment needs in addition.
 */
export async function ensureChromium() {
	const system = NAMES.map((name) => findOnPath(name)).find((file) => file !== undefined);
	if (system !== undefined) return { path: system, env: {} };
	if (existsSync(MAC_FILE)) return { path: MAC_FILE, env: {} };
	if (!isDebianLike()) return { unavailable: 'no Chromium on the PATH, and no apt-get' };
	try {
		return await toUnpacked(await installOnce('chromium', install));
	} catch (error) {
		return { unavailable: `Chromium could not be unpacked: ${String(error)}` };
	}
}
