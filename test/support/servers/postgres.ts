import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from './free-port';
import { waitForPort } from '../n8n/queue-wait';

const run = promisify(execFile);
const USER = 'n8n';

export interface Postgres {
	port: number;
	/** Superuser, who needs no password. */
	user: string;
	database: string;
	/** Ends it and removes its data. */
	stop(): Promise<void>;
}

/** Whom PostgreSQL runs as: it refuses to run as root. */
async function findIds(): Promise<{ uid: number; gid: number } | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const ask = async (flag: string) => Number((await run('id', [flag, 'nobody'])).stdout);
	return { uid: await ask('-u'), gid: await ask('-g') };
}

interface Program {
	path: string;
	env: Record<string, string>;
	root?: string;
}

/** Copies an unpacked program into a folder: the user it runs as need not be able to read the project's. */
async function copyProgram(
	{ path: program, env, root }: Program,
	folder: string,
): Promise<Program> {
	if (root === undefined) return { path: program, env };
	const copy = path.join(folder, 'root');
	await cp(root, copy, { recursive: true, verbatimSymlinks: true });
	const toCopy = (text: string) => text.replaceAll(root, copy);
	const moved = Object.entries(env).map(([name, value]) => [name, toCopy(value)]);
	return { path: toCopy(program), env: Object.fromEntries(moved) as Program['env'] };
}

/** Settings of a server that lives as long as a test: nothing has to survive a power cut. */
const toSettings = (folder: string, port: number): string[] =>
	[
		['listen_addresses', '127.0.0.1'],
		['port', String(port)],
		['unix_socket_directories', folder],
		['fsync', 'off'],
		['max_connections', '200'],
	].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Makes a cluster in `folder` and tells how to run a server over it. */
async function createCluster(folder: string) {
	const { ensurePostgres } = await import('../../../scripts/toolchain.mjs');
	const tool = await ensurePostgres();
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	const ids = await findIds();
	const program = ids === undefined ? tool : await copyProgram(tool, folder);
	if (ids !== undefined) await run('chown', [`${ids.uid}:${ids.gid}`, folder]);
	const options = { cwd: folder, env: { PATH: process.env.PATH, ...program.env }, ...ids };
	const data = path.join(folder, 'data');
	const initdb = path.join(path.dirname(program.path), 'initdb');
	const plain = ['--encoding=UTF8', '--locale=C', '--auth=trust', '--no-sync'];
	await run(initdb, ['-D', data, '-U', USER, ...plain], options);
	return { program: program.path, data, options };
}

/**
 * Starts a real PostgreSQL on a free port of 127.0.0.1, over a fresh cluster in a temporary folder.
 * @throws When PostgreSQL cannot be had or does not start; the message ends with what it printed.
 */
export async function startPostgres(): Promise<Postgres> {
	const folder = await mkdtemp(path.join(tmpdir(), 'postgres-'));
	const remove = () => rm(folder, { recursive: true, force: true });
	const { program, data, options } = await createCluster(folder).catch(async (error: unknown) => {
		await remove();
		throw error;
	});
	const port = await findFreePort();
	const output: string[] = [];
	const child = spawn(program, ['-D', data, ...toSettings(folder, port)], options);
	child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
	const ended = once(child, 'exit');
	// SIGINT is the shutdown that does not wait for clients.
	const killAtExit = () => child.kill('SIGINT');
	process.once('exit', killAtExit);
	const stop = async () => {
		child.kill('SIGINT');
		await ended;
		process.off('exit', killAtExit);
		await remove();
	};
	try {
		await waitForPort(port, child);
		return { port, user: USER, database: 'postgres', stop };
	} catch (error) {
		await stop();
		throw new Error(`PostgreSQL did not start:\n${output.join('')}`, { cause: error });
	}
}
