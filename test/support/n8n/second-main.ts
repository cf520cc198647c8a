import { findFreePort } from '../servers/free-port';
import { findN8n, toEnvironment, withUserFolder, type N8nServerOptions } from './n8n-environment';
import { spawnN8n, waitUntilReady } from './n8n-process';

/** Another main process of n8n. */
export interface SecondMain {
	/** All that it has printed. */
	readLog(): string;
	/** Stops it and removes its user folder. */
	stop(): Promise<void>;
}

/**
 * Starts another main over the same database, with a user folder of its own, as on a machine of its own. Without a
 * licence neither knows of the other: both lead, which is the worst that can happen when one takes over.
 */
export const startSecondMain = (options: N8nServerOptions): Promise<SecondMain> =>
	withUserFolder(options, async (userFolder, removeData) => {
		const log: string[] = [];
		const port = await findFreePort();
		const env = await toEnvironment(userFolder, port, options);
		const main = spawnN8n(await findN8n(options.release ?? 2), 'start', env, log);
		const stop = async () => {
			await main.stop();
			await removeData();
		};
		try {
			await waitUntilReady([`http://127.0.0.1:${String(port)}/healthz/readiness`], main, log);
		} catch (error) {
			await main.stop();
			throw error;
		}
		return { readLog: () => log.join(''), stop };
	});
