import { CLEAN_UP, SCAN } from './faults/fault-kind';
import type { TriggerKind } from './chaos-workflow';
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
	/** The polling one unless given. */
	readonly trigger?: TriggerKind;
	readonly onKill?: (kill: number, fault: string) => void;
}

/** What a kill waits for. */
const MOMENTS = ['scan', 'hand-off', 'clean-up'] as const;
type Moment = (typeof MOMENTS)[number];
/** Where an n8n is not killed: its workflow is unpublished in the middle of a delivery, and published again. */
const REPUBLISHED = 'republished';
type Turn = Moment | typeof REPUBLISHED;

/**
 * Kills a real n8n server (kill -9) again and again while mail comes in, and looks at what became of all mail in the end.
 * n8n is started again at once, so that one life inherits what several others have left behind.
 */
export async function runServerChaos(options: ServerRunOptions): Promise<readonly RoundResult[]> {
	const { seed, trigger = 'poll' } = options;
	const moments: readonly Turn[] = trigger === 'poll' ? MOMENTS : [...MOMENTS, REPUBLISHED];
	return await withServerSite(seed, { trigger }, async (site) => {
		const killed: Killed[] = [];
		for (let kill = 0; kill < options.kills; kill += 1) {
			const moment = moments[kill % moments.length];
			const one =
				moment === undefined || moment === REPUBLISHED
					? await republishOnce(site, kill)
					: await killOnce(site, moment, kill, trigger);
			killed.push(one);
			options.onKill?.(kill, one.fault);
			if (moment !== REPUBLISHED) await site.n8n.restart();
		}
		const journal = new Journal(site.webhook.arrivals);
		const mails = killed.flatMap((one) => one.mails);
		await drain(mails, site, journal);
		return await Promise.all(killed.map((one) => toResult(one, site, journal)));
	});
}

/** Delivers mail and kills n8n at the moment. */
async function killOnce(
	site: ServerSite,
	moment: Moment,
	kill: number,
	trigger: TriggerKind,
): Promise<Killed> {
	const { n8n, gate, webhook, mailbox, choice } = site;
	const mails = composeMails(`${trigger}-s${String(kill)}`);
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
	const fault = `real n8n killed: ${moment}`;
	return { fault: trigger === 'poll' ? fault : `instant trigger: ${fault}`, mails, at: Date.now() };
}

/** Unpublishes the workflow as it delivers; mail comes before, in between and after it was published again. */
async function republishOnce(site: ServerSite, kill: number): Promise<Killed> {
	const { n8n, webhook, mailbox, choice, workflow } = site;
	const mails = composeMails(`r${String(kill)}`);
	const third = Math.ceil(mails.length / 3);
	const at = Date.now();
	const unpublished = new Promise<void>((resolve, reject) => {
		webhook.plan(choice.between(1, 2), choice.pick<'before' | 'after'>(['before', 'after']), () => {
			n8n.api.deactivate(workflow).then(resolve, reject);
		});
	});
	await mailbox.deliver(mails.slice(0, third));
	await unpublished;
	await mailbox.deliver(mails.slice(third, 2 * third));
	await n8n.api.activate(workflow);
	await mailbox.deliver(mails.slice(2 * third));
	return { fault: 'instant trigger: workflow of a real n8n republished', mails, at };
}
