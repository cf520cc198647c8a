import { CLEAN_UP, SCAN } from './faults';
import { Journal } from './journal';
import type { RoundResult } from './round';
import {
	composeMails,
	drain,
	toResult,
	withServerSite,
	type Killed,
	type ServerSite,
} from './server-site';

export interface ServerRunOptions {
	readonly seed: number;
	readonly kills: number;
	readonly onKill?: (kill: number, fault: string) => void;
}

/** What a kill waits for. */
const MOMENTS = ['scan', 'hand-off', 'clean-up'] as const;
type Moment = (typeof MOMENTS)[number];

/**
 * Kills a real n8n server (kill -9) again and again while mail comes in, and looks at what became of all mail in the end.
 * n8n is started again at once, so that one life inherits what several others have left behind.
 */
export async function runServerChaos(options: ServerRunOptions): Promise<readonly RoundResult[]> {
	return await withServerSite(options.seed, {}, async (site) => {
		const killed: Killed[] = [];
		for (let kill = 0; kill < options.kills; kill += 1) {
			const one = await killOnce(site, MOMENTS[kill % MOMENTS.length] ?? 'scan', kill);
			killed.push(one);
			options.onKill?.(kill, one.fault);
			await site.n8n.restart();
		}
		const journal = new Journal(site.webhook.arrivals);
		const mails = killed.flatMap((one) => one.mails);
		await drain(mails, site, journal);
		return await Promise.all(killed.map((one) => toResult(one, site, journal)));
	});
}

/** Delivers mail and kills n8n at the moment. */
async function killOnce(site: ServerSite, moment: Moment, kill: number): Promise<Killed> {
	const { n8n, gate, webhook, mailbox, choice } = site;
	const mails = composeMails(`s${String(kill)}`);
	const when = choice.pick<'before' | 'after'>(['before', 'after']);
	const died = new Promise<void>((resolve, reject) => {
		const act = () => n8n.kill().then(resolve, reject);
		if (moment === 'hand-off') webhook.plan(choice.between(1, 6), when, () => void act());
		else {
			const at = moment === 'scan' ? SCAN : CLEAN_UP;
			gate.plan({ at, count: choice.between(1, 3), when, act }, () => undefined);
		}
	});
	await mailbox.deliver(mails);
	await died;
	return { fault: `real n8n killed: ${moment}`, mails, at: Date.now() };
}
