import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 40_000;
const PROBE_PAUSE_MS = 250;

/** n8n's start script and the Node.js to run it with, see scripts/toolchain.mjs. */
export interface N8nProgram {
	path: string;
	node: string;
}

/** A running process of n8n: a main, or a worker. */
export interface N8nProcess {
	child: ChildProcess;
	stop(): Promise<void>;
	/** kill -9, for which no program can prepare. */
	kill(): Promise<void>;
}

async function stopChild(child: ChildProcess) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, 'exit');
	child.kill('SIGTERM');
	const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
	await ended;
	clearTimeout(timer);
}

/** Spawns n8n; it ends with this process. What it prints is added to `log`. */
export function spawnN8n(
	{ node, path: script }: N8nProgram,
	command: 'start' | 'worker',
	env: NodeJS.ProcessEnv,
	log: string[],
): N8nProcess {
	const child = spawn(node, [script, command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => log.push(chunk.toString()));
	}
	const killAtExit = () => child.kill('SIGTERM');
	process.once('exit', killAtExit);
	return {
		child,
		kill: async () => {
			const ended = once(child, 'exit');
			if (child.kill('SIGKILL')) await ended;
		},
		stop: async () => {
			await stopChild(child);
			process.off('exit', killAtExit);
		},
	};
}

/** Whether every URL answers with success. */
async function isReady(urls: readonly string[]) {
	try {
		for (const url of urls) if (!(await fetch(url)).ok) return false;
		return true;
	} catch {
		return false;
	}
}

/**
 * Waits until a process answers at all of the URLs.
 * @throws When it ends or takes too long; the message ends with the log.
 */
export async function waitUntilReady(
	urls: readonly string[],
	{ child }: N8nProcess,
	log: readonly string[],
): Promise<void> {
	const deadline = Date.now() + START_LIMIT_MS;
	while (!(await isReady(urls))) {
		if (child.exitCode !== null || Date.now() > deadline) {
			throw new Error(`n8n did not start:\n${log.join('')}`);
		}
		await delay(PROBE_PAUSE_MS);
	}
}
