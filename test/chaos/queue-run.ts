import type { N8nWorker } from '../support/n8n/n8n-worker';
import { startQueue } from '../support/n8n/queue';
import { Journal } from './journal';
import type { RoundResult } from './round';
import type { ServerRunOptions } from './server-run';
import {
	composeMails,
	drain,
	toResult,
	withServerSite,
	type Killed,
	type ServerSite,
} from './server-site';

const WORKERS = 2;
const FAULT = 'worker killed in queue mode';

/**
 * Kills a worker of a real n8n in queue mode (kill -9) while it runs the execution of a delivery, again and again. It is
 * started again at once, or only when the other worker has done what it left behind.
 */
export async function runQueueChaos(options: ServerRunOptions): Promise<readonly RoundResult[]> {
	const queue = await startQueue();
	try {
		const setUp = { env: queue.env, workers: WORKERS };
		return await withServerSite(options.seed, setUp, async (site) => {
			const journal = new Journal(site.webhook.arrivals);
			const killed: Killed[] = [];
			for (let kill = 0; kill < options.kills; kill += 1) {
				const { worker, ...one } = await killWorker(site, kill);
				killed.push(one);
				options.onKill?.(kill, one.fault);
				if (kill % 2 === 0) await drain(one.mails, site, journal);
				await worker.start();
			}
			await drain(
				killed.flatMap(({ mails }) => mails),
				site,
				journal,
			);
			return await Promise.all(killed.map((one) => toResult(one, site, journal)));
		});
	} finally {
		await queue.stop();
	}
}

/** Delivers mail and kills the worker that is posting one of the alerts. */
async function killWorker(
	{ n8n, webhook, mailbox, choice }: ServerSite,
	kill: number,
): Promise<Killed & { readonly worker: N8nWorker }> {
	const mails = composeMails(`q${String(kill)}`);
	const when = choice.pick<'before' | 'after'>(['before', 'after']);
	const died = new Promise<N8nWorker>((resolve, reject) => {
		webhook.plan(choice.between(1, 6), when, () => {
			const [first, ...others] = n8n.workers.filter(isBusy);
			if (first === undefined) {
				reject(new Error('An alert came though no worker runs an execution'));
				return;
			}
			const worker = choice.pick([first, ...others]);
			worker.kill().then(() => {
				resolve(worker);
			}, reject);
		});
	});
	await mailbox.deliver(mails);
	return { worker: await died, fault: FAULT, mails, at: Date.now() };
}

/** Whether a worker has begun an execution that it has not ended. */
function isBusy(worker: N8nWorker): boolean {
	const log = worker.readLog();
	const count = (pattern: RegExp) => [...log.matchAll(pattern)].length;
	return (
		count(/Worker started execution/g) >
		count(/Worker (?:finished execution|errored while running execution)/g)
	);
}
