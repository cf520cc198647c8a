import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findFreePort } from '../servers/free-port';
import { N8nApi } from './n8n-api';
import { findN8n, toEnvironment, withUserFolder, type N8nServerOptions } from './n8n-environment';
import { spawnN8n, waitUntilReady } from './n8n-process';
import { startWorkers, type N8nWorker } from './n8n-worker';

const execute = promisify(execFile);

export interface N8nServer {
	url: string;
	/** N8N_USER_FOLDER. */
	userFolder: string;
	api: N8nApi;
	/** Those of queue mode, if any. */
	workers: readonly N8nWorker[];
	/** All that n8n has printed so far. */
	readLog(): string;
	/**
	 * Stops and starts n8n over the same data; the log goes on. Workers keep running.
	 * @param meanwhile Done while it is down.
	 */
	restart(meanwhile?: () => Promise<unknown>): Promise<void>;
	/** Ends n8n at once (kill -9); `restart` starts it again. */
	kill(): Promise<void>;
	/** Runs a command of n8n's command line over the same data; rejects when it fails. */
	runCommand(...args: string[]): Promise<string>;
	/** Stops n8n, with its workers, and removes its data. */
	stop(): Promise<void>;
}

/** Starts n8n and sets up its owner; stops it again when that fails. */
async function superviseN8n(
	userFolder: string,
	port: number,
	options: N8nServerOptions,
	removeData: () => Promise<void>,
): Promise<Omit<N8nServer, 'workers'>> {
	const log: string[] = [];
	const url = `http://127.0.0.1:${port}`;
	const program = await findN8n(options.release ?? 2);
	const env = await toEnvironment(userFolder, port, options);
	const start = async (prepare?: () => Promise<void>) => {
		const started = spawnN8n(program, 'start', env, log);
		try {
			await waitUntilReady([`${url}/healthz/readiness`, `${url}/rest/settings`], started, log);
			await prepare?.();
			return started;
		} catch (error) {
			await started.stop();
			throw error;
		}
	};
	const api = new N8nApi(url);
	let running = await start(() => api.setUp());
	return {
		url,
		userFolder,
		api,
		readLog: () => log.join(''),
		kill: () => running.kill(),
		runCommand: async (...args) => {
			const { node, path: script } = program;
			const { stdout, stderr } = await execute(node, [script, ...args], { env }).catch(
				({ stdout, stderr }: { stdout: string; stderr: string }) => {
					throw new Error(`n8n ${args.join(' ')} failed:\n${stdout}${stderr}`);
				},
			);
			return stdout + stderr;
		},
		restart: async (meanwhile) => {
			await running.stop();
			await meanwhile?.();
			running = await start();
		},
		stop: async () => {
			await running.stop();
			await removeData();
		},
	};
}

/**
 * Starts a real n8n over a fresh user folder on a free port of 127.0.0.1, sets up its owner and
 * logs in. Takes about half a minute.
 * @throws When n8n cannot be had or does not start; the message ends with its log.
 */
export async function startN8n(options: N8nServerOptions = {}): Promise<N8nServer> {
	const main = await withUserFolder(options, async (userFolder, removeData) =>
		superviseN8n(userFolder, options.port ?? (await findFreePort()), options, removeData),
	);
	try {
		const workers = await startWorkers(options);
		return {
			...main,
			workers,
			stop: async () => {
				for (const worker of workers) await worker.stop();
				await main.stop();
			},
		};
	} catch (error) {
		await main.stop();
		throw error;
	}
}
