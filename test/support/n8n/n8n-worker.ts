import { findFreePort } from '../servers/free-port';
import { findN8n, toEnvironment, withUserFolder, type N8nServerOptions } from './n8n-environment';
import { spawnN8n, waitUntilReady } from './n8n-process';

/** A worker of queue mode. */
export interface N8nWorker {
	/** All that it has printed since it was started last. */
	readLog(): string;
	/** Ends it at once (kill -9). */
	kill(): Promise<void>;
	/** Starts it again after `kill`. */
	start(): Promise<void>;
	/** Stops it and removes its data. */
	stop(): Promise<void>;
}

/** Starts a worker over a user folder of its own, as on a machine of its own. */
const startWorker = (options: N8nServerOptions): Promise<N8nWorker> =>
	withUserFolder(options, async (userFolder, removeData) => {
		const log: string[] = [];
		const port = await findFreePort();
		const health = { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port) };
		const env = { ...(await toEnvironment(userFolder, port, options)), ...health };
		const program = await findN8n(options.release ?? 2);
		const start = async () => {
			const worker = spawnN8n(program, 'worker', env, log);
			try {
				await waitUntilReady([`http://127.0.0.1:${port}/healthz/readiness`], worker, log);
				return worker;
			} catch (error) {
				await worker.stop();
				throw error;
			}
		};
		let running = await start();
		return {
			readLog: () => log.join(''),
			kill: () => running.kill(),
			start: async () => {
				log.length = 0;
				running = await start();
			},
			stop: async () => {
				await running.stop();
				await removeData();
			},
		};
	});

/** Starts one worker after the other; when one of them fails, none is left. */
export async function startWorkers(options: N8nServerOptions): Promise<readonly N8nWorker[]> {
	const workers: N8nWorker[] = [];
	try {
		while (workers.length < (options.workers ?? 0)) workers.push(await startWorker(options));
		return workers;
	} catch (error) {
		for (const worker of workers) await worker.stop();
		throw error;
	}
}
