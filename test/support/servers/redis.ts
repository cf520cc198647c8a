import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFreePort } from './free-port';
import { waitForPort } from '../n8n/queue-wait';

export interface Redis {
	port: number;
	/** Ends it; it keeps nothing. */
	stop(): Promise<void>;
}

/**
 * Starts a real Redis on a free port of 127.0.0.1 that keeps its data in memory only.
 * @throws When Redis cannot be had or does not start; the message ends with what it printed.
 */
export async function startRedis(): Promise<Redis> {
	const { ensureRedis } = await import('../../../scripts/toolchain.mjs');
	const tool = await ensureRedis();
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	const folder = await mkdtemp(path.join(tmpdir(), 'redis-'));
	const port = await findFreePort();
	const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
	const output: string[] = [];
	const child = spawn(tool.path, settings, { env: { PATH: process.env.PATH, ...tool.env } });
	child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
	const ended = once(child, 'exit');
	const killAtExit = () => child.kill('SIGTERM');
	process.once('exit', killAtExit);
	const stop = async () => {
		child.kill('SIGTERM');
		await ended;
		process.off('exit', killAtExit);
		await rm(folder, { recursive: true, force: true });
	};
	try {
		await waitForPort(port, child);
		return { port, stop };
	} catch (error) {
		await stop();
		throw new Error(`Redis did not start:\n${output.join('')}`, { cause: error });
	}
}
