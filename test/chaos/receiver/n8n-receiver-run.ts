import { setTimeout as delay } from 'node:timers/promises';

import { startBench } from '../../support/n8n/n8n-engine-bench';
import type { Bench } from '../../support/n8n/n8n-engine-bench';

/** Either trigger has a mailbox, a workflow and a receiver of its own. */
const CASES = {
	polling: { user: 'neo@example.com' },
	instant: { user: 'trinity@example.com', instant: true },
};
type TriggerName = keyof typeof CASES;

const PROCESSED = 'AlertMagic Processed';
const QUARANTINE = 'Ingest Quarantine';
/** One call in so many fails. */
const FAILING = 20;
const LOOK_PAUSE_MS = 1_000;

export interface N8nReceiverOptions {
	/** Alerts for each trigger. */
	readonly alerts: number;
	/** How often n8n is killed (kill -9) and started again, each time after as many alerts. */
	readonly kills: number;
	/** Milliseconds after the end of the faults at which it is given up. */
	readonly limitMs: number;
}

/** What came of it, for one trigger. */
export interface N8nReceiverResult {
	readonly trigger: TriggerName;
	readonly alerts: number;
	readonly kills: number;
	/** Calls of the receiver, those that failed included. */
	readonly calls: number;
	/** How many had been delivered and tidied up as the faults ended. */
	readonly throughAtEnd: number;
	/** Minutes from the end of the faults until all were; undefined where some never were. */
	readonly minutes: number | undefined;
	readonly left: number;
	readonly quarantined: number;
}

/** Alerts meet a real n8n that is killed again and again, and a receiver that fails one call in twenty until the faults end. */
export async function runN8nReceiver(
	options: N8nReceiverOptions,
): Promise<readonly N8nReceiverResult[]> {
	const { alerts, kills } = options;
	const bench = await startBench({ release: 2, sign: /Version: 2\./ }, CASES);
	const cases = Object.values(bench.cases);
	try {
		const names = Array.from({ length: alerts }, (_, alert) => `alert-${String(alert)}`);
		for (const { webhook, deliverAll } of cases) {
			webhook.answerWith(...toAnswers(alerts));
			await deliverAll(names);
		}
		for (const { workflow } of cases) await bench.n8n.api.activate(workflow.id);
		for (let kill = 1; kill <= kills; kill += 1) {
			const calls = Math.ceil((alerts * kill) / (kills + 1));
			await until(() => cases.every(({ webhook }) => webhook.requests.length >= calls));
			await bench.n8n.kill();
			await bench.n8n.restart();
		}
		for (const { webhook } of cases) webhook.recover();
		const ended = Date.now();
		const triggers = Object.keys(CASES) as TriggerName[];
		const early = await Promise.all(cases.map(({ subjects }) => subjects(PROCESSED)));
		return await Promise.all(
			triggers.map(async (name, index) => ({
				throughAtEnd: early[index]?.length ?? 0,
				...(await finish(bench, name, ended, options)),
			})),
		);
	} finally {
		await bench.stop();
	}
}

async function finish(
	{ cases }: Bench<TriggerName>,
	trigger: TriggerName,
	ended: number,
	{ alerts, kills, limitMs }: N8nReceiverOptions,
): Promise<Omit<N8nReceiverResult, 'throughAtEnd'>> {
	const { subjects, webhook } = cases[trigger];
	const isThrough = async () => (await subjects(PROCESSED)).length >= alerts;
	const isInTime = await until(isThrough, ended + limitMs);
	return {
		trigger,
		alerts,
		kills,
		calls: webhook.requests.length,
		minutes: isInTime ? (Date.now() - ended) / 60_000 : undefined,
		left: (await subjects()).length,
		quarantined: (await subjects(QUARANTINE)).length,
	};
}

/** More than there will be calls: what is left of them ends with the faults. */
function toAnswers(alerts: number) {
	return Array.from({ length: 5 * alerts }, (_, call) =>
		call % FAILING === 7 ? { status: 503 } : { status: 200, body: '{}' },
	);
}

/** Whether it came true before the deadline (epoch milliseconds), if there is one. */
async function until(
	isTrue: () => boolean | Promise<boolean>,
	deadline = Number.POSITIVE_INFINITY,
): Promise<boolean> {
	while (!(await isTrue())) {
		if (Date.now() > deadline) return false;
		await delay(LOOK_PAUSE_MS);
	}
	return true;
}
