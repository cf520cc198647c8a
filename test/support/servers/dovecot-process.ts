import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import { promisify } from 'node:util';

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;
const PROBE_PAUSE_MS = 50;
const run = promisify(execFile);

/** Who Dovecot runs as. */
export interface Owner {
	user: string;
	group: string;
	/** Set when that is not the user of this process: Dovecot refuses to serve logins as root. */
	ids?: { uid: number; gid: number };
}

interface Program {
	/** The folder that stands for `/`; undefined for an installed Dovecot. */
	root: string | undefined;
	/** Value of LD_LIBRARY_PATH; empty for an installed Dovecot. */
	libraryPath: string;
	dovecot: string;
	doveconf: string;
}

/** The folder that holds everything of one server. */
export interface DovecotFolder extends Program {
	folder: string;
	user: string;
	group: string;
	ids: Owner['ids'];
	/** Writes files by path below the folder, readable for Dovecot. */
	write(files: Record<string, string>): Promise<void>;
	readLog(): Promise<string>;
	remove(): Promise<void>;
}

/** The user of this process, or nobody where that is root. */
export async function findOwner(): Promise<Owner> {
	const name = process.getuid?.() === 0 ? ['nobody'] : [];
	const ask = async (flag: string) => (await run('id', [flag, ...name])).stdout.trim();
	return {
		user: await ask('-un'),
		group: await ask('-gn'),
		...(name.length > 0 && { ids: { uid: Number(await ask('-u')), gid: Number(await ask('-g')) } }),
	};
}

/**
 * Finds Dovecot. When it runs as another user than this process, its unpacked copy is copied on
 * into the server's folder, because that user need not be able to read the project's folder.
 */
async function findProgram(folder: string, copies: boolean): Promise<Program> {
	const { ensureDovecot } = await import('../../../scripts/toolchain.mjs');
	const tool = await ensureDovecot();
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	const { path: dovecot, doveconf, unpacked } = tool;
	if (unpacked === undefined) return { dovecot, doveconf, root: undefined, libraryPath: '' };
	const root = copies ? path.join(folder, 'root') : unpacked.root;
	for (const part of copies ? ['usr/bin', 'usr/sbin', 'usr/lib'] : []) {
		const from = path.join(unpacked.root, part);
		await cp(from, path.join(root, part), { recursive: true, verbatimSymlinks: true });
	}
	// The compiled-in path of its modules was made relative to base_dir, see scripts/toolchain.
	await mkdir(path.join(folder, 'run'));
	await symlink(path.join(root, 'usr/lib/dovecot'), path.join(folder, 'run/lib'));
	const inRoot = (file: string) => path.join(root, path.relative(unpacked.root, file));
	const libraryPath = unpacked.libraryFolders.map((name) => path.join(root, name)).join(':');
	return { dovecot: inRoot(dovecot), doveconf: inRoot(doveconf), root, libraryPath };
}

/** Makes the folder of one server and finds the program and the user to run it with. */
export async function createDovecotFolder(): Promise<DovecotFolder> {
	const folder = await mkdtemp(path.join(tmpdir(), 'dovecot-'));
	const owner = await findOwner();
	const { ids, user, group } = owner;
	const program = await findProgram(folder, ids !== undefined);
	return {
		folder,
		user,
		group,
		ids,
		...program,
		write: async (files) => {
			for (const [name, content] of Object.entries(files)) {
				await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
				await writeFile(path.join(folder, name), content);
			}
			await chmod(folder, 0o755);
			if (ids !== undefined) await run('chown', ['-R', '-h', `${user}:${group}`, folder]);
		},
		readLog: () => readFile(path.join(folder, 'dovecot.log'), 'utf8').catch(() => ''),
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

/** Whether a TLS server answers with its first bytes, as Dovecot does once its logins are up. */
const isGreeted = (port: number) =>
	new Promise<boolean>((resolve) => {
		const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
		socket.once('data', () => {
			resolve(true);
			socket.destroy();
		});
		socket.once('error', () => resolve(false));
		socket.once('close', () => resolve(false));
	});

/** Waits until a TLS server on a port of 127.0.0.1 greets. */
export async function waitForGreeting(
	port: number,
	child: ChildProcess,
	toFailure: () => Promise<Error>,
) {
	const deadline = Date.now() + START_LIMIT_MS;
	while (!(await isGreeted(port))) {
		if (child.exitCode !== null || Date.now() > deadline) throw await toFailure();
		await delay(PROBE_PAUSE_MS);
	}
}

/** Ends what is left of a process group: sessions outlive the master by a while, and go on serving. */
export function endGroup({ pid }: ChildProcess) {
	if (pid === undefined) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
	}
}

/** Ends a process and waits for it, the hard way when it does not end by itself. */
export async function stopChild(child: ChildProcess) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, 'exit');
	child.kill('SIGTERM');
	const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
	await ended;
	clearTimeout(timer);
}

/**
 * Starts Dovecot in a prepared folder; resolves once it greets.
 * `doveconf -e` reads the configuration and becomes `dovecot`; started by itself, `dovecot` would
 * look for doveconf under a compiled-in path.
 */
export async function startProcess(place: DovecotFolder, port: number) {
	const { dovecot, doveconf, folder, ids, libraryPath } = place;
	const config = path.join(folder, 'dovecot.conf');
	const output: string[] = [];
	const child = spawn(doveconf, ['-c', config, '-e', dovecot, '-F', '-c', config], {
		cwd: folder,
		env: { PATH: process.env.PATH, ...(libraryPath !== '' && { LD_LIBRARY_PATH: libraryPath }) },
		stdio: ['ignore', 'pipe', 'pipe'],
		// A process group of its own, so that nothing of it is left behind.
		detached: true,
		...ids,
	});
	const killAtExit = () => {
		endGroup(child);
	};
	process.once('exit', killAtExit);
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
	}
	const stop = async () => {
		await stopChild(child);
		endGroup(child);
		process.off('exit', killAtExit);
	};
	try {
		await waitForGreeting(port, child, async () => {
			const log = await place.readLog();
			return new Error(`Dovecot did not start:\n${output.join('')}${log}`);
		});
	} catch (error) {
		await stop();
		throw error;
	}
	return { stop };
}
