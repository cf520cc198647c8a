import { restOfPause } from '../pause';
import { nextDelay } from './retry';
import type { RetryPolicy } from './retry';

/** Messages per execution: where it begins, and what it may grow to while more wait and executions succeed. */
export interface BatchPolicy {
	readonly first: number;
	readonly most: number;
}

/** The value of Messages per Execution that leaves the number to the trigger. */
export const AUTOMATIC = 0;

/** An execution costs n8n tens of milliseconds whatever is in it; 200 messages leave little to save. */
const AUTOMATIC_BATCH: BatchPolicy = { first: 50, most: 200 };

/** Messages per Execution -> how many messages an execution gets; a number is kept to. */
export function toBatchPolicy(messages: number): BatchPolicy {
	return messages === AUTOMATIC ? AUTOMATIC_BATCH : { first: messages, most: messages };
}

/** While nothing succeeds, one message is tried now and then, without end: the workflow may be mended at any time. */
const PROBE_RETRY: RetryPolicy = {
	maxAttempts: Number.POSITIVE_INFINITY,
	firstDelayMs: 30_000,
	maxDelayMs: 300_000,
};

/** So many failures in a row, and executions are started one at a time, each smaller than the last. */
const DOUBTFUL_FAILURES = 2;
/** So many messages that failed alone in a row, and it is the workflow that fails. */
const FAILED_ALONE = 3;
/** What an execution that succeeds after a failing one is followed by. */
const FIRST_AFTER_PROBE = 2;

/** What the executions so far say of a workflow, and how many messages the next one gets. */
export interface Flow {
	/** Most messages in the next execution; undefined before the first one. */
	readonly limit: number | undefined;
	/** Executions in a row that failed. Those of messages that fail while others succeed do not count. */
	readonly failures: number;
	/** Epoch milliseconds of the first of them. */
	readonly since: number;
	/** Messages that failed alone among them. */
	readonly alone: ReadonlySet<string>;
	/** Set while nothing but probes is started. */
	readonly probe: Probe | undefined;
	/** True from the first success after a failing time until executions have their full size again. */
	readonly isRecovering: boolean;
}

/** The trial of a failing workflow with one message. */
export interface Probe {
	/** How many were started. */
	readonly count: number;
	/** Epoch milliseconds before which the next one is not started. */
	readonly notBefore: number;
}

/** Nothing is known of the workflow. */
export const NEW_FLOW: Flow = {
	limit: undefined,
	failures: 0,
	since: 0,
	alone: new Set(),
	probe: undefined,
	isRecovering: false,
};

/** What is known where the workflow was failing when n8n went down: whether it still does is tried at once. */
export function failingSince(since: number): Flow {
	return { ...NEW_FLOW, since, failures: 1, probe: { count: 0, notBefore: 0 } };
}

/** Most messages for the next execution. */
export function batchLimit({ limit }: Flow, { first, most }: BatchPolicy): number {
	return Math.min(limit ?? first, most);
}

/** Whether executions are started one at a time: after failures in a row, and on the way back from them. */
export function isOneAtATime({ failures, isRecovering }: Flow): boolean {
	return failures >= DOUBTFUL_FAILURES || isRecovering;
}

/** An execution with `size` messages has succeeded: a full one may be followed by one twice as large. */
export function afterSuccess(flow: Flow, size: number, policy: BatchPolicy): Flow {
	if (flow.probe !== undefined) {
		const limit = Math.min(FIRST_AFTER_PROBE, policy.most);
		return { ...NEW_FLOW, limit, isRecovering: limit < policy.first };
	}
	const limit = batchLimit(flow, policy);
	// No more messages wait.
	if (size < limit) return { ...NEW_FLOW, limit: Math.min(limit, policy.first) };
	const grown = Math.min(size * 2, policy.most);
	return { ...NEW_FLOW, limit: grown, isRecovering: flow.isRecovering && grown < policy.first };
}

/** An execution that failed. */
export interface FailedRun {
	/** Keys of its messages, which are not known to fail while others succeed. */
	readonly keys: readonly string[];
	/** How many such messages wait for their execution to succeed, these included. */
	readonly waiting: number;
	/** So many messages that fail alone in a row are no chance, see `proofOfFailing`. */
	readonly proof: number;
	/** Epoch milliseconds. */
	readonly now: number;
}

/** An execution has failed: the next ones are smaller; when messages fail alone one after the other, the workflow is failing. */
export function afterFailure(flow: Flow, run: FailedRun, policy: BatchPolicy): Flow {
	const { keys, waiting, proof, now } = run;
	const size = keys.length;
	const limit = batchLimit(flow, policy);
	const alone = new Set([...flow.alone, ...(size === 1 ? keys : [])]);
	const failures = flow.failures + 1;
	const isAll = alone.size >= Math.max(1, Math.min(proof, waiting));
	const isFailing = flow.probe !== undefined || (failures >= FAILED_ALONE && isAll);
	return {
		// Halves that fail are no reason to make other executions smaller than they are.
		limit: size < limit ? flow.limit : Math.max(1, Math.ceil(size / 2)),
		failures,
		since: flow.failures === 0 ? now : flow.since,
		alone,
		probe: isFailing ? (flow.probe ?? nextProbe(0, now)) : undefined,
		isRecovering: false,
	};
}

/** A probe of a failing workflow was started; the pause to the next one grows. */
export function afterProbe(flow: Flow, now: number): Flow {
	return { ...flow, probe: nextProbe((flow.probe?.count ?? 0) + 1, now) };
}

function nextProbe(count: number, now: number): Probe {
	const pause = nextDelay(PROBE_RETRY, count + 1, 1) ?? PROBE_RETRY.maxDelayMs;
	return { count, notBefore: now + pause };
}

/** Whether a probe of a failing workflow is due. */
export function isProbeDue({ probe }: Flow, now: number): boolean {
	return probe !== undefined && restOfPause(probe.notBefore, now, PROBE_RETRY.maxDelayMs) === 0;
}

/** How often messages failed alone that succeeded later, and how many succeeded: the receiver's own unreliability. */
export interface Flakiness {
	readonly passing: number;
	readonly succeeded: number;
}

/** So many messages are remembered; older ones count less and less. */
const REMEMBERED = 1_000;
/** A few failures among few messages say little. */
const PRIOR = 20;
/** How likely it may be that chance alone sends a message to quarantine, or has a workflow count as failing. */
const CHANCE = { quarantine: 1e-8, failing: 1e-6 } as const;

/** Messages have succeeded that had failed alone `passing` times before. */
export function noteSuccess(known: Flakiness, messages: number, passing: number): Flakiness {
	const share = known.succeeded > REMEMBERED ? 0.5 : 1;
	return {
		passing: known.passing * share + passing,
		succeeded: known.succeeded * share + messages,
	};
}

/**
 * How often a message has to fail alone while others succeed before it counts as poison: what was chosen, or more where
 * the receiver fails so often that a good message might fail as often by chance.
 */
export function attemptsBeforeQuarantine(chosen: number, known: Flakiness): number {
	return Math.max(chosen, failuresBeyond(CHANCE.quarantine, known));
}

/** How many messages have to fail alone one after the other before the workflow counts as failing. */
export function proofOfFailing(known: Flakiness): number {
	return Math.max(FAILED_ALONE, failuresBeyond(CHANCE.failing, known));
}

/** How many failures in a row are less likely than that where single messages fail as often as they did. */
function failuresBeyond(chance: number, { passing, succeeded }: Flakiness): number {
	const rate = passing / (passing + succeeded + PRIOR);
	return rate === 0 ? 0 : Math.ceil(Math.log(chance) / Math.log(rate));
}
