import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const PROJECT_FOLDER = fileURLToPath(new URL('../..', import.meta.url));
export const CACHE_FOLDER = path.join(PROJECT_FOLDER, '.cache');
const STAMP = '.complete';
const LOCK_POLL_MS = 500;

/**
 * Prints one line of progress to standard error, so that standard output stays free for results.
 * @param {string} line
 */
export const report = (line) => console.error(`[toolchain] ${line}`);

/** @param {unknown} error */
const toCode = (error) => (error instanceof Error && 'code' in error ? error.code : undefined);

/** @param {number} pid */
function isRunning(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return toCode(error) === 'EPERM';
	}
}

/**
 * Takes the lock, or clears away the one of an owner that died.
 * @param {string} lock
 * @returns {Promise<number | undefined>} The process that has the lock, or undefined when it is ours.
 */
async function takeLock(lock) {
	try {
		await writeFile(lock, String(process.pid), { flag: 'wx' });
		return undefined;
	} catch (error) {
		if (toCode(error) !== 'EEXIST') throw error;
	}
	const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
	if (owner > 0 && !isRunning(owner)) await rm(lock, { force: true });
	return owner;
}

/**
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} act
 * @returns {Promise<T>}
 */
async function withLock(lock, act) {
	for (let told = false; ; told = true) {
		const owner = await takeLock(lock);
		if (owner === undefined) break;
		if (!told)
			report(`waiting for process ${owner}, which is installing ${path.basename(lock, '.lock')}`);
		await sleep(LOCK_POLL_MS);
	}
	try {
		return await act();
	} finally {
		await rm(lock, { force: true });
	}
}

/**
 * Fills a folder of the cache once, however many processes ask for it at the same time.
 * A folder counts as complete only when its stamp is there; it is written last, so that an
 * interrupted installation is taken up again where it was left.
 * @param {string} name Folder below `.cache`; holds the version, as a complete folder never changes.
 * @param {(folder: string) => Promise<void>} install Must bear being run again over its own leftovers.
 * @returns {Promise<string>} The folder.
 */
export async function installOnce(name, install) {
	const folder = path.join(CACHE_FOLDER, name);
	const stamp = path.join(folder, STAMP);
	if (existsSync(stamp)) return folder;
	await mkdir(folder, { recursive: true });
	await withLock(`${folder}.lock`, async () => {
		if (existsSync(stamp)) return;
		report(`installing ${name} into .cache ...`);
		const start = Date.now();
		await install(folder);
		await writeFile(stamp, `${new Date().toISOString()}\n`);
		report(`installed ${name} in ${Math.round((Date.now() - start) / 1000)} s`);
	});
	return folder;
}
