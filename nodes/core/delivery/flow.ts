import { restOfPause } from '../pause';
import { batchFor, chanceOfFailure, NEW_RATE } from './call-rate';
import type { CallRate } from './call-rate';
import { pauseAfter } from './retry';
import type { Growth } from './retry';

/** Messages per execution: where it begins, and what it may grow to while more wait and executions succeed. */
export interface BatchPolicy {
	readonly first: number;
	readonly most: number;
}

/** The value of Messages per Execution that leaves the number to the trigger. */
export const AUTOMATIC = 0;

/** An execution costs n8n tens of milliseconds whatever is in it; 200 messages leave little to save. */
const AUTOMATIC_BATCH: BatchPolicy = { first: 50, most: 200 };

/** Messages per Execution -> how many messages an execution gets; a number is kept to, whatever the receiver is like. */
export function toBatchPolicy(messages: number, known = NEW_RATE): BatchPolicy {
	if (messages !== AUTOMATIC) return { first: messages, most: messages };
	const most = Math.min(AUTOMATIC_BATCH.most, batchFor(known));
	return { first: Math.min(AUTOMATIC_BATCH.first, most), most };
}

/** While nothing succeeds, one message is tried now and then, without end: the workflow may be mended at any time. */
const PROBE_RETRY: Growth = { firstDelayMs: 30_000, maxDelayMs: 300_000 };

/** So many failures in a row that are no chance, and executions are started one at a time, each smaller than the last. */
const DOUBTFUL_FAILURES = 2;
/** Failures in a row that are less likely than that are no chance. */
const UNLIKELY = { toHalve: 0.2, toDoubt: 0.05, toFail: 1e-6 } as const;
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
	/** How likely they are where the receiver fails as often as it is known to. */
	readonly chance: number;
	/** Epoch milliseconds of the first of them. */
	readonly since: number;
	/** When an execution ended in success last, epoch milliseconds. */
	readonly succeededAt: number;
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
	chance: 1,
	since: 0,
	succeededAt: Number.NEGATIVE_INFINITY,
	alone: new Set(),
	probe: undefined,
	isRecovering: false,
};

/** What is known where the workflow was failing when n8n went down: whether it still does is tried at once. */
export function failingSince(since: number): Flow {
	return { ...NEW_FLOW, since, failures: 1, probe: { count: 0, notBefore: 0 } };
}

/**
 * Most messages for the next execution.
 *
 * @param isRunning whether one runs: n8n ends none of a storm before all of it has been read, so that the next ones are as
 * large as may be while none has failed
 */
export function batchLimit(
	{ limit, failures }: Flow,
	{ first, most }: BatchPolicy,
	isRunning = false,
): number {
	const usual = Math.min(limit ?? first, most);
	return isRunning && failures === 0 && usual >= first ? most : usual;
}

/** Whether executions are started one at a time: after failures in a row, and on the way back from them. */
export function isOneAtATime({ failures, chance, isRecovering }: Flow): boolean {
	return (failures >= DOUBTFUL_FAILURES && chance < UNLIKELY.toDoubt) || isRecovering;
}

/**
 * Whether messages that failed together `failures` times in a row are divided, since one of them may be to blame. Where the
 * receiver fails now and then, another try of them all is the shorter way, unless they are so many that one half is more
 * likely to fail than not: then both halves are through sooner than the whole.
 */
export function isToHalve(size: number, failures: number, known: CallRate): boolean {
	const isTooLarge = chanceOfFailure(size / 2, known) > 0.5;
	return isTooLarge || chanceOfFailure(size, known) ** failures < UNLIKELY.toHalve;
}

export interface SucceededRun {
	/** How many messages it had. */
	readonly size: number;
	/** Whether more messages wait for one. */
	readonly isMoreWaiting: boolean;
	/** Epoch milliseconds. */
	readonly now: number;
}

/** An execution has succeeded: a full one may be followed by one twice as large. */
export function afterSuccess(flow: Flow, run: SucceededRun, policy: BatchPolicy): Flow {
	const { size, isMoreWaiting, now } = run;
	const next = { ...NEW_FLOW, succeededAt: now };
	if (flow.probe !== undefined) {
		const limit = Math.min(FIRST_AFTER_PROBE, policy.most);
		return { ...next, limit, isRecovering: limit < policy.first };
	}
	const limit = batchLimit(flow, policy);
	const isFull = size >= limit;
	const grown = isFull ? Math.min(size * 2, policy.most) : Math.min(limit, policy.first);
	const isOnItsWay = flow.isRecovering && grown < policy.first;
	return { ...next, limit: grown, isRecovering: isOnItsWay && (isFull || isMoreWaiting) };
}

export interface FailedRun {
	/** Keys of its messages, which are not known to fail while others succeed. */
	readonly keys: readonly string[];
	/** How many such messages wait for their execution to succeed, these included. */
	readonly waiting: number;
	/** How likely it was to fail, see `chanceOfFailure`. */
	readonly chance: number;
	/** Epoch milliseconds. */
	readonly startedAt: number;
	readonly now: number;
}

/** An execution has failed: the next ones are smaller; when messages fail alone one after the other, the workflow is failing. */
export function afterFailure(flow: Flow, run: FailedRun, policy: BatchPolicy): Flow {
	const { keys, waiting, startedAt, now } = run;
	// Executions that fail take longer: others that began with it have shown that the workflow works.
	if (flow.probe === undefined && startedAt < flow.succeededAt) return flow;
	const size = keys.length;
	const limit = batchLimit(flow, policy);
	const alone = new Set([...flow.alone, ...(size === 1 ? keys : [])]);
	const failures = flow.failures + 1;
	const chance = flow.chance * run.chance;
	const isAll = alone.size >= Math.max(1, Math.min(FAILED_ALONE, waiting));
	const isNoChance = failures >= FAILED_ALONE && chance < UNLIKELY.toFail;
	const isFailing = flow.probe !== undefined || (isNoChance && isAll);
	return {
		...flow,
		// Halves that fail are no reason to make other executions smaller than they are.
		limit:
			size < limit || chance >= UNLIKELY.toHalve ? flow.limit : Math.max(1, Math.ceil(size / 2)),
		failures,
		chance,
		since: flow.failures === 0 ? now : flow.since,
		alone,
		probe: isFailing ? (flow.probe ?? nextProbe(0, now)) : undefined,
	};
}

/** A probe of a failing workflow was started; the pause to the next one grows. */
export function afterProbe(flow: Flow, now: number): Flow {
	return { ...flow, probe: nextProbe((flow.probe?.count ?? 0) + 1, now) };
}

function nextProbe(count: number, now: number): Probe {
	return { count, notBefore: now + pauseAfter(PROBE_RETRY, count + 1, 1) };
}

/** Whether a probe of a failing workflow is due. */
export function isProbeDue({ probe }: Flow, now: number): boolean {
	return probe !== undefined && restOfPause(probe.notBefore, now, PROBE_RETRY.maxDelayMs) === 0;
}
