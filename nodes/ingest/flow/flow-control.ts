/*
 * When executions start, and how large. delivery-queue.ts holds what waits for one; flow-control.ts tells a workflow that
 * fails from a message that does, by core/delivery/flow.ts; receiver-record.ts learns how often calls fail; flow-news.ts
 * is what people are told of.
 */
import { restOfPause } from '../../core/pause';
import type { Delivery, ExecutionFailure } from '../../core/delivery/delivery';
import {
	afterFailure,
	afterProbe,
	afterSuccess,
	batchLimit,
	failingSince,
	isOneAtATime,
	isProbeDue,
	NEW_FLOW,
} from '../../core/delivery/flow';
import type { BatchPolicy, Flow } from '../../core/delivery/flow';
import type { FlowNews } from './flow-news';
import { ReceiverRecord } from './receiver-record';

/** One execution of the workflow with messages of one numbering of one mailbox. */
export interface Run {
	readonly scope: string;
	readonly deliveries: readonly Delivery[];
	/** Epoch milliseconds. */
	readonly startedAt: number;
}

export interface LoneFailure {
	readonly delivery: Delivery;
	readonly failure: ExecutionFailure | undefined;
	/** When the execution began, epoch milliseconds. */
	readonly startedAt: number;
	/** How often it failed alone so far. */
	readonly times: number;
	/** True until it is known whether other messages succeed. */
	readonly isOpen: boolean;
	/**
	 * How often others succeeded after it had failed: what it does from then on says nothing of the workflow, unless all
	 * had failed until then, and only for the first time.
	 */
	readonly outlived: number;
}

/** How long, in milliseconds, an execution is waited for where they are started one at a time. */
const PATIENCE_MS = 300_000;

/** Failures that are remembered; an older one is forgotten, which only costs its message an attempt. */
const REMEMBERED = 2_000;

/** What makes a suspect of a message. */
const SUSPECT = 2;

/** A receiver that fails now and then is told of so often at most, in milliseconds. */
const WARNING_PAUSE_MS = 300_000;

/**
 * What is known of one workflow, whichever of its mailboxes a message came from: whether it works, how many messages
 * it gets at once, and which messages fail though it does.
 */
export class FlowControl {
	private flow: Flow = NEW_FLOW;
	readonly record = new ReceiverRecord();
	/** Whether the last execution that succeeded ran in this process; undefined while none has. */
	ranHere: boolean | undefined;
	private readonly running = new Set<Run>();
	private isTold = false;
	private warnedAt = Number.NEGATIVE_INFINITY;
	private readonly lone = new Map<string, LoneFailure>();
	private readonly strikes = new Map<string, LoneFailure>();
	private readonly news: FlowNews[] = [];
	/** What starts the executions that wait, by runtime. */
	private readonly held = new Map<object, () => void>();
	/** How many messages wait, by runtime. */
	private readonly pending = new Map<object, number>();
	/** Who waits for the workflow to succeed again. */
	private readonly hopeful = new Map<object, () => void>();

	/** True while nothing but probes is started. */
	get isFailing(): boolean {
		return this.flow.probe !== undefined;
	}

	/** Since when it has been told that the workflow fails, epoch milliseconds; 0 where it has not. */
	get toldSince(): number {
		return this.isTold ? this.flow.since : 0;
	}

	/** Messages of all mailboxes whose delivery has not succeeded, without those that fail while others succeed. */
	get waiting(): number {
		return [...this.pending.values()].reduce((sum, count) => sum + count, 0);
	}

	/** Epoch milliseconds before which a failing workflow is left alone; 0 while it works. */
	get probeAt(): number {
		return this.flow.probe?.notBefore ?? 0;
	}

	/** Whether executions are started one at a time. */
	get isOneAtATime(): boolean {
		return isOneAtATime(this.flow);
	}

	/** Whether an execution may be started at `now` (epoch milliseconds). */
	isFree(now: number): boolean {
		return !this.isFailing && !(this.isOneAtATime && this.isBusy(now));
	}

	/** Goes on where an earlier process had told that the workflow fails, unless this one knows better. */
	restore(toldSince: number): void {
		if (toldSince === 0 || this.flow !== NEW_FLOW) return;
		this.flow = failingSince(toldSince);
		this.isTold = true;
	}

	/** Notes how many messages of a mailbox wait. */
	notePending(owner: object, count: number): void {
		this.pending.set(owner, count);
	}

	/** `go` is called whenever a failing workflow succeeds again; the latest of an owner counts. */
	onRecovery(owner: object, go: () => void): void {
		this.hopeful.set(owner, go);
	}

	limit(policy: BatchPolicy): number {
		return batchLimit(this.flow, policy, this.running.size > 0);
	}

	isProbeDue(now: number): boolean {
		return !this.isBusy(now) && isProbeDue(this.flow, now);
	}

	/** Whether an execution runs that is waited for; one that hangs must not hold up all others. */
	private isBusy(now: number): boolean {
		return [...this.running].some(({ startedAt }) => now - startedAt < PATIENCE_MS);
	}

	/** Whether a message was tried alone while the workflow failed. */
	hasTried(scope: string, uid: number): boolean {
		return this.flow.alone.has(keyOf(scope, uid));
	}

	started(run: Run): void {
		this.running.add(run);
		if (this.isFailing) this.flow = afterProbe(this.flow, run.startedAt);
	}

	/** `start` is called whenever an execution has ended, until it is taken back. */
	hold(owner: object, start: (() => void) | undefined): void {
		if (start === undefined) this.held.delete(owner);
		else this.held.set(owner, start);
	}

	ended(run: Run): void {
		this.running.delete(run);
	}

	/** Executions that began before that time (epoch milliseconds) are not waited for any more. */
	giveUp(before: number): void {
		for (const run of this.running) if (run.startedAt <= before) this.running.delete(run);
	}

	/** Lets those go on that hold something back. */
	goOn(): void {
		for (const start of [...this.held.values()]) start();
	}

	succeeded(
		run: Run,
		known: { readonly isMoreWaiting: boolean; readonly now: number },
		policy: BatchPolicy,
	): void {
		const { deliveries, startedAt } = run;
		this.record.succeeded(deliveries, this.forgetAlone(run), this.isFailing);
		this.noteOutlived(startedAt);
		if (this.isFailing && this.isTold) {
			const { since, probe } = this.flow;
			this.news.push({ kind: 'recovered', since, probes: probe?.count ?? 0 });
		}
		const wasFailing = this.isFailing;
		this.isTold = false;
		this.flow = afterSuccess(this.flow, { size: deliveries.length, ...known }, policy);
		if (wasFailing) for (const go of [...this.hopeful.values()]) go();
	}

	failed(run: Run, failure: ExecutionFailure | undefined, now: number, policy: BatchPolicy): void {
		const { scope, deliveries } = run;
		const [first] = deliveries;
		const keys = deliveries
			.filter(({ uid, isSuspect }) => isSuspect !== true && !this.isSuspect(scope, uid))
			.map(({ uid }) => keyOf(scope, uid));
		if (first !== undefined && deliveries.length === 1) this.noteAlone(run, first, failure, now);
		if (keys.length === 0) return;
		const wasFailing = this.isFailing;
		this.flow = afterFailure(
			this.flow,
			{
				keys,
				waiting: this.waiting,
				chance: this.record.chanceOfFailure(keys.length),
				startedAt: run.startedAt,
				now,
			},
			policy,
		);
		this.record.failed(deliveries, keys.length, this.isFailing);
		// A single success ends it: it is told once the first probe has failed, too.
		if (wasFailing && !this.isTold) {
			this.isTold = true;
			this.tell({
				kind: 'failing',
				since: this.flow.since,
				...(failure !== undefined && { failure }),
			});
		}
	}

	/** Whether a message has failed while others succeeded. */
	isSuspect(scope: string, uid: number): boolean {
		return (this.lone.get(keyOf(scope, uid))?.outlived ?? 0) >= SUSPECT;
	}

	/** How often a message has failed alone in this life of the process. */
	timesAlone(scope: string, uid: number): number {
		return this.lone.get(keyOf(scope, uid))?.times ?? 0;
	}

	/** The messages of one numbering that failed alone while others succeeded, since this was asked last; by UID. */
	takeStrikes(scope: string): ReadonlyMap<number, LoneFailure> {
		const taken = new Map<number, LoneFailure>();
		for (const [key, failure] of [...this.strikes]) {
			if (key !== keyOf(scope, failure.delivery.uid)) continue;
			this.strikes.delete(key);
			taken.set(failure.delivery.uid, failure);
		}
		return taken;
	}

	/** What is to be told since this was asked last. */
	takeNews(): readonly FlowNews[] {
		return this.news.splice(0);
	}

	private noteAlone(
		{ scope, startedAt }: Run,
		delivery: Delivery,
		failure: ExecutionFailure | undefined,
		now: number,
	): void {
		const key = keyOf(scope, delivery.uid);
		const { times = 0, outlived = 0 } = this.lone.get(key) ?? {};
		this.lone.delete(key);
		const noted = { delivery, failure, startedAt, outlived };
		this.lone.set(key, { ...noted, times: times + 1, isOpen: true });
		if (
			times === 0 &&
			!this.isFailing &&
			restOfPause(this.warnedAt + WARNING_PAUSE_MS, now) === 0
		) {
			this.warnedAt = now;
			this.tell({ kind: 'failedAlone', delivery, ...(failure !== undefined && { failure }) });
		}
		this.forgetOldest();
	}

	/** Others have succeeded whose execution began at that time. */
	private noteOutlived(startedAt: number): void {
		for (const [key, failure] of this.lone) {
			if (!failure.isOpen || failure.startedAt > startedAt) continue;
			const outlived = failure.outlived + (this.isFailing ? 1 : SUSPECT);
			this.lone.set(key, { ...failure, isOpen: false, outlived });
			// Where everything failed it was not the message.
			if (!this.isFailing) this.strikes.set(key, failure);
		}
	}

	/** How often the messages of an execution that succeeded had failed alone. */
	private forgetAlone({ scope, deliveries }: Run): number {
		const keys = deliveries.map(({ uid }) => keyOf(scope, uid));
		const times = keys.map((key) => this.lone.get(key)?.times ?? 0);
		for (const key of keys) this.lone.delete(key);
		return times.reduce((sum, count) => sum + count, 0);
	}

	private tell(news: FlowNews): void {
		this.news.push(news);
	}

	private forgetOldest(): void {
		const [oldest] = this.lone.keys();
		if (this.lone.size > REMEMBERED && oldest !== undefined) this.lone.delete(oldest);
	}
}

function keyOf(scope: string, uid: number): string {
	return `${scope}\n${String(uid)}`;
}
