/*
 * Both triggers: n8n on one side, ingest on the other. n8n calls poll-trigger.ts each minute, or watch-trigger.ts once,
 * which keeps a watcher.ts for each account. Either opens (open-trigger.ts) credential and parameters (read-parameters.ts)
 * and what this process (states.ts) and n8n's static data (static-memory.ts) remember, and runs ingest's poll. Matches
 * start executions here, in emitting-workflow.ts; outages are told by outage.ts; a test run shows preview-items.ts.
 */
import type { INodeExecutionData, IRun } from 'n8n-workflow';

import type { DeliveryItem, Outcome } from '../../core/delivery/delivery';
import { severityOf } from '../../core/delivery/health';
import type { HealthEvent } from '../../core/delivery/health';
import type { Log } from '../../core/log';
import type { Workflow } from '../../ingest/ingest';
import { sortIntoOutputs } from './outputs';
import type { OutputPlan } from './outputs';

/** How a trigger starts executions of its workflow; each list of items is one output. */
export interface Executions {
	/** Starts one at once and resolves when it has ended, with what n8n tells of it. */
	run(outputs: INodeExecutionData[][]): Promise<IRun | undefined>;
	/** Starts one whose end does not matter. */
	start(outputs: INodeExecutionData[][]): void;
}

/** Where the workflow's reports come from. */
export interface HealthSource {
	readonly account: string;
	readonly mailbox: string;
	readonly now: () => number;
}

/** The workflow behind a trigger: each hand-over and each report is one execution. */
export function createEmittingWorkflow(
	executions: Executions,
	log: Log,
	outputs: OutputPlan,
	source: HealthSource,
): Workflow {
	return {
		handOver: async (items) => {
			try {
				return toOutcome(await executions.run(toOutputs(outputs, items)), log);
			} catch (error) {
				// n8n rejects when an execution was cancelled or timed out: it did not succeed.
				log.warn(`The execution did not end in success: ${describe(error)}`);
				return 'failure';
			}
		},
		report: (event) => {
			// Without the output, reports only go to the log.
			if (outputs.health === undefined) return;
			const before = Array.from({ length: outputs.health }, () => []);
			executions.start([...before, [toHealthItem(event, source)]]);
		},
	};
}

/** Health event -> n8n item. */
function toHealthItem(
	event: HealthEvent,
	{ account, mailbox, now }: HealthSource,
): INodeExecutionData {
	const at = new Date(now()).toISOString();
	const details = 'uids' in event ? { ...event, uids: [...event.uids] } : { ...event };
	return { json: { severity: severityOf(event), at, account, mailbox, ...details } };
}

function toOutputs(outputs: OutputPlan, items: readonly DeliveryItem[]): INodeExecutionData[][] {
	return sortIntoOutputs(
		outputs,
		items.map((item) => ({ rule: item.rule, item: toItem(item) })),
	);
}

/** Delivery -> n8n item. */
export function toItem(item: DeliveryItem): INodeExecutionData {
	const { message, payload } = item;
	return {
		json: {
			id: item.id,
			rule: item.rule,
			payload: { ...payload },
			message: {
				...message,
				from: [...message.from],
				to: [...message.to],
				attachments: message.attachments.map((attachment) => ({ ...attachment })),
			},
			...(item.text !== undefined && { text: item.text }),
			attempt: item.attempt,
		},
	};
}

/** Only an execution that ended in success counts; one that waits may yet fail. */
function toOutcome(run: IRun | undefined, log: Log): Outcome {
	if (run === undefined) return 'unknown';
	if (run.status === 'success') return 'success';
	if (run.status === 'waiting') {
		log.warn(
			'The execution went to sleep in a Wait node, so its end cannot be seen from here; the messages will be delivered again',
		);
		return 'unknown';
	}
	return 'failure';
}

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
