import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from './free-port';
import { N8nApi } from './n8n-api';
import { spawnN8n, waitUntilReady, type N8nProcess, type N8nProgram } from './n8n-process';

const execute = promisify(execFile);

/** No look-ups of n8n's own services: the tests talk to this machine only. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_SECURE_COOKIE: 'false',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_HOST: '127.0.0.1',
};

/** Modules that n8n 2 has, and that look for services of their own. */
const QUIET_MODULES = { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,chat-hub' };

export interface N8nServerOptions {
	/** Puts a package into the user folder before the start, see `installPackage`. */
	prepare?: (userFolder: string) => Promise<unknown>;
	/** Authorities (PEM) that n8n trusts beside the usual ones. */
	ca?: string;
	/** Further environment variables. */
	env?: Record<string, string>;
	/** A free one when left out. */
	port?: number;
	/** The major version of n8n; 2 when left out. */
	release?: 1 | 2;
	/** Workers beside the main; `env` has to set up queue mode for both, see `startQueue`. */
	workers?: number;
}

export interface N8nServer {
	url: string;
	/** N8N_USER_FOLDER. */
	userFolder: string;
	api: N8nApi;
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

async function findN8n(release: 1 | 2): Promise<N8nProgram> {
	const { ensureN8n, ensureN8n1 } = await import('../../scripts/toolchain.mjs');
	const tool = await (release === 1 ? ensureN8n1() : ensureN8n());
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	return tool;
}

async function toEnvironment(userFolder: string, port: number, options: N8nServerOptions) {
	const authorities = path.join(userFolder, 'authorities.pem');
	if (options.ca !== undefined) await writeFile(authorities, options.ca);
	return {
		PATH: process.env.PATH,
		HOME: userFolder,
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		// Two servers on one machine must not share the port of the task runners' broker.
		N8N_RUNNERS_BROKER_PORT: String(await findFreePort()),
		...QUIET,
		...(options.release !== 1 && QUIET_MODULES),
		...(options.ca !== undefined && { NODE_EXTRA_CA_CERTS: authorities }),
		...options.env,
	};
}

/** Makes a user folder, and acts over it; what fails there leaves none behind. */
async function withUserFolder<T>(
	options: N8nServerOptions,
	act: (userFolder: string, removeData: () => Promise<void>) => Promise<T>,
): Promise<T> {
	const userFolder = await mkdtemp(path.join(tmpdir(), 'n8n-'));
	const removeData = () => rm(userFolder, { recursive: true, force: true });
	try {
		await mkdir(path.join(userFolder, '.n8n'));
		await options.prepare?.(userFolder);
		return await act(userFolder, removeData);
	} catch (error) {
		await removeData();
		throw error;
	}
}

/** Starts n8n and sets up its owner; stops it again when that fails. */
async function superviseN8n(
	userFolder: string,
	port: number,
	options: N8nServerOptions,
	removeData: () => Promise<void>,
): Promise<N8nServer> {
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

/** Starts a worker over a user folder of its own, as on a machine of its own. */
const startWorker = (options: N8nServerOptions): Promise<Pick<N8nProcess, 'stop'>> =>
	withUserFolder(options, async (userFolder, removeData) => {
		const log: string[] = [];
		const port = await findFreePort();
		const health = { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port) };
		const env = { ...(await toEnvironment(userFolder, port, options)), ...health };
		const worker = spawnN8n(await findN8n(options.release ?? 2), 'worker', env, log);
		const stop = async () => {
			await worker.stop();
			await removeData();
		};
		try {
			await waitUntilReady([`http://127.0.0.1:${port}/healthz/readiness`], worker, log);
			return { stop };
		} catch (error) {
			await stop();
			throw error;
		}
	});

/** Starts one worker after the other; when one of them fails, none is left. */
async function startWorkers(options: N8nServerOptions) {
	const workers: Array<Pick<N8nProcess, 'stop'>> = [];
	const stop = async () => {
		for (const worker of workers.splice(0)) await worker.stop();
	};
	try {
		while (workers.length < (options.workers ?? 0)) workers.push(await startWorker(options));
		return stop;
	} catch (error) {
		await stop();
		throw error;
	}
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
		const stopWorkers = await startWorkers(options);
		return {
			...main,
			stop: async () => {
				await stopWorkers();
				await main.stop();
			},
		};
	} catch (error) {
		await main.stop();
		throw error;
	}
}
