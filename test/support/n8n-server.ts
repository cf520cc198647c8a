import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from './free-port';
import { N8nApi } from './n8n-api';

const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 40_000;
const PROBE_PAUSE_MS = 250;

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
	N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,chat-hub',
	N8N_SECURE_COOKIE: 'false',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_HOST: '127.0.0.1',
};

export interface N8nServerOptions {
	/** Puts a package into the user folder before the start, see `installPackage`. */
	prepare?: (userFolder: string) => Promise<unknown>;
	/** Authorities (PEM) that n8n trusts beside the usual ones. */
	ca?: string;
	/** Further environment variables. */
	env?: Record<string, string>;
	/** A free one when left out. */
	port?: number;
}

export interface N8nServer {
	url: string;
	/** N8N_USER_FOLDER. */
	userFolder: string;
	api: N8nApi;
	/** All that n8n has printed so far. */
	readLog(): string;
	/** Stops and starts n8n over the same data; the log goes on. */
	restart(): Promise<void>;
	/** Stops n8n and removes its data. */
	stop(): Promise<void>;
}

interface Running {
	child: ChildProcess;
	stop(): Promise<void>;
}

async function stopChild(child: ChildProcess) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, 'exit');
	child.kill('SIGTERM');
	const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
	await ended;
	clearTimeout(timer);
}

async function findN8n() {
	const { ensureN8n } = await import('../../scripts/toolchain.mjs');
	const tool = await ensureN8n();
	if ('unavailable' in tool) throw new Error(tool.unavailable);
	return tool;
}

/** Spawns n8n; it ends with this process. */
async function spawnN8n(env: NodeJS.ProcessEnv, log: string[]): Promise<Running> {
	const { node, path: script } = await findN8n();
	const child = spawn(node, [script, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => log.push(chunk.toString()));
	}
	const killAtExit = () => child.kill('SIGTERM');
	process.once('exit', killAtExit);
	return {
		child,
		stop: async () => {
			await stopChild(child);
			process.off('exit', killAtExit);
		},
	};
}

const isReady = async (url: string) => {
	try {
		return (await fetch(`${url}/healthz/readiness`)).ok && (await fetch(`${url}/rest/settings`)).ok;
	} catch {
		return false;
	}
};

async function waitUntilReady(url: string, { child }: Running, log: string[]) {
	const deadline = Date.now() + START_LIMIT_MS;
	while (!(await isReady(url))) {
		if (child.exitCode !== null || Date.now() > deadline) {
			throw new Error(`n8n did not start:\n${log.join('')}`);
		}
		await delay(PROBE_PAUSE_MS);
	}
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
		...(options.ca !== undefined && { NODE_EXTRA_CA_CERTS: authorities }),
		...options.env,
	};
}

/** Starts n8n and sets up its owner; stops it again when that fails. */
async function superviseN8n(
	userFolder: string,
	url: string,
	env: NodeJS.ProcessEnv,
	removeData: () => Promise<void>,
): Promise<N8nServer> {
	const log: string[] = [];
	const start = async (prepare?: () => Promise<void>) => {
		const started = await spawnN8n(env, log);
		try {
			await waitUntilReady(url, started, log);
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
		restart: async () => {
			await running.stop();
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
	const userFolder = await mkdtemp(path.join(tmpdir(), 'n8n-'));
	const removeData = () => rm(userFolder, { recursive: true, force: true });
	try {
		await mkdir(path.join(userFolder, '.n8n'));
		await options.prepare?.(userFolder);
		const port = options.port ?? (await findFreePort());
		const env = await toEnvironment(userFolder, port, options);
		return await superviseN8n(userFolder, `http://127.0.0.1:${port}`, env, removeData);
	} catch (error) {
		await removeData();
		throw error;
	}
}
