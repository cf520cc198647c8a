/*
 * Both triggers: n8n on one side, ingest on the other. n8n calls poll-trigger.ts each minute, or watch-trigger.ts once,
 * which keeps a watcher.ts for each account. Either opens (open-trigger.ts) credential and parameters (read-parameters.ts)
 * and what this process (states.ts) and n8n's static data (static-memory.ts) remember, and runs ingest's poll. Matches
 * start executions here, in emitting-workflow.ts; outages are told by outage.ts; a test run shows preview-items.ts.
 */
import type { IDataObject, INodeExecutionData, IRun } from 'n8n-workflow';

import type { DeliveryItem, ExecutionEnd, ExecutionFailure } from '../../core/delivery/delivery';
import { severityOf } from '../../core/delivery/health';
import type { HealthEvent } from '../../core/delivery/health';
import { isRecord } from '../../core/is-record';
import type { Workflow } from '../../ingest/ingest';
import { ENGINE_ADVICE } from './engine';
import { sortIntoOutputs } from './outputs';
import type { OutputPlan } from './outputs';

/** How a trigger starts executions of its workflow; each list of items is one output. */
export interface Executions {
	/** False where n8n refuses triggers that wait for the end of an execution. */
	readonly canWait: boolean;
	/** Starts one at once and resolves when it has ended, with what n8n tells of it. */
	run(outputs: INodeExecutionData[][]): Promise<IRun | undefined>;
	/** Starts one whose end does not matter. */
	start(outputs: INodeExecutionData[][]): void;
}

export interface HealthSource {
	readonly account: string;
	readonly mailbox: string;
	readonly now: () => number;
}

/**
 * The workflow behind a trigger: each hand-over and each report is one execution.
 *
 * @param onEngine2 called when an execution has turned out to run on Engine 2.0
 */
export function createEmittingWorkflow(
	executions: Executions,
	outputs: OutputPlan,
	source: HealthSource,
	onEngine2: () => void = () => undefined,
): Workflow {
	return {
		handOver: async (items) => {
			const emitted = toOutputs(outputs, items);
			if (!executions.canWait) {
				executions.start(emitted);
				return { outcome: 'started' };
			}
			try {
				return toEnd(await executions.run(emitted));
			} catch (error) {
				const end = toRejectedEnd(error);
				if (end.outcome === 'started') onEngine2();
				return end;
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
	const { event: name, ...details } = event;
	// The first key tells a warning from an alert wherever n8n shows only the beginning.
	return {
		json: { event: name, severity: severityOf(event), at, account, mailbox, ...toJson(details) },
	};
}

/** n8n wants lists that can be written to. */
function toJson(details: object): IDataObject {
	return JSON.parse(JSON.stringify(details)) as IDataObject;
}

function toOutputs(outputs: OutputPlan, items: readonly DeliveryItem[]): INodeExecutionData[][] {
	return sortIntoOutputs(
		outputs,
		items.map((item) => ({ rule: item.rule, item: toItem(item) })),
	);
}

/** Delivery -> n8n item. */
export function toItem(item: DeliveryItem): INodeExecutionData {
	const { message, payload, alert } = item;
	return {
		json: {
			id: item.id,
			rule: item.rule,
			payload: { ...payload },
			...(alert !== undefined && { alert: { ...alert } }),
			message: {
				...message,
				from: [...message.from],
				to: [...message.to],
				attachments: message.attachments.map((attachment) => ({ ...attachment })),
			},
			...(item.text !== undefined && { text: item.text }),
			...(item.cleanUp !== undefined && { cleanUp: { ...item.cleanUp } }),
			attempt: item.attempt,
		},
	};
}

function toEnd(run: IRun | undefined): ExecutionEnd {
	if (run === undefined) return { outcome: 'unknown' };
	switch (run.status) {
		case 'new':
		case 'running':
		case 'unknown':
			return { outcome: 'unknown' };
		case 'success':
			// A worker (queue mode) has a job for it; a run that failed may lack that, too.
			return { outcome: 'success', ranHere: run.jobId === undefined };
		case 'waiting':
			return { outcome: 'waiting' };
		default:
			return { outcome: 'failure', failure: toFailure(run) };
	}
}

function toFailure({ status, data, startedAt }: IRun): ExecutionFailure {
	// In queue mode n8n hands out a part of it only.
	const parts: Partial<IRun['data']> = data;
	const { error, lastNodeExecuted } = parts.resultData ?? {};
	const named = error !== undefined && 'node' in error ? error.node?.name : undefined;
	const node = named ?? lastNodeExecuted;
	return {
		message: shorten(error?.message ?? `the execution ended with status "${status}"`),
		...(node !== undefined && { node }),
		...(startedAt instanceof Date && { startedAt: startedAt.toISOString() }),
	};
}

/** n8n rejects when an execution could not be started, or was cancelled. */
function toRejectedEnd(error: unknown): ExecutionEnd {
	const message = shorten(error instanceof Error ? error.message : String(error));
	const executionId = readExecutionId(error);
	const failure = { message, ...(executionId !== undefined && { executionId }) };
	const name = error instanceof Error ? error.constructor.name : '';
	if (ENGINE_REFUSAL.test(message)) {
		return { outcome: 'notStarted', failure: { message: ENGINE_ADVICE } };
	}
	if (name === 'ExecutionNotFoundError' && UUID.test(executionId ?? '')) {
		return { outcome: 'started' };
	}
	// It has failed before it began, or ended before n8n looked for it; or n8n itself ended.
	if (name === 'ExecutionNotFoundError' || name.startsWith('SystemShutdown')) {
		return { outcome: 'unknown', failure };
	}
	const isCancelled = /^The execution was cancelled/.test(message);
	return { outcome: isCancelled ? 'failure' : 'notStarted', failure };
}

/** An instant trigger that does not know yet that its workflow was put on Engine 2.0. */
const ENGINE_REFUSAL = /^Engine 2\.0 cannot run a trigger that waits/;
/** The executions of Engine 2.0 are numbered so, and the first engine does not know them. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

function readExecutionId(error: unknown): string | undefined {
	const extra = isRecord(error) ? error['extra'] : undefined;
	const id = isRecord(extra) ? extra['executionId'] : undefined;
	return typeof id === 'string' ? id : undefined;
}

const LONGEST_MESSAGE = 500;

/** What a node says when it fails may hold all that it got. */
function shorten(message: string): string {
	const line = message.replace(/\s+/g, ' ').trim();
	return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}
