import { isTriedApart } from '../core/delivery/crashes';
import type { Cursor } from '../core/delivery/cursor';
import { asNextAttempt } from '../core/delivery/delivery';
import type { Delivery } from '../core/delivery/delivery';
import type { BatchPolicy } from '../core/delivery/flow';
import type { IngestError } from '../core/errors';
import { FlowControl } from './flow/flow-control';
import type { Run } from './flow/flow-control';
import { restOfPause } from '../core/pause';
import { Appetite } from './appetite';
import { AuditMemory } from './audit-memory';
import { DeliveryQueue } from './flow/delivery-queue';

/** What becomes of a delivery; `held` is one that never reached the workflow, which fails. */
export type Fate = 'success' | 'failure' | 'unknown' | 'held';

/** A delivery whose execution has ended, until the cursor has been told. */
export interface EndedDelivery {
	readonly delivery: Delivery;
	readonly outcome: Fate;
	/** True once the clean-up of an acknowledged delivery is done. */
	readonly cleanedUp: boolean;
	/** Set where the server refused the clean-up. */
	readonly refused?: RefusedCleanUp;
}

/** A clean-up that is tried again later. */
export interface RefusedCleanUp {
	readonly error: IngestError;
	/** How often it was refused. */
	readonly times: number;
	/** Epoch milliseconds before which the server is not asked again. */
	readonly notBefore: number;
}

const RETENTION_INTERVAL_MS = 3_600_000;

/** How long, in milliseconds, others wait for the execution of a message that n8n may die of. */
const PATIENCE_MS = 300_000;

/**
 * What one trigger knows only in memory: deliveries on their way, and a lock, since n8n starts a poll while the last
 * one still runs. Losing it costs duplicates, never mail: the cursor keeps every delivery pending until it is settled.
 */
export class TriggerRuntime {
	readonly audit = new AuditMemory();
	readonly appetite = new Appetite();
	/** Deliveries handed over, with the time, whose execution has not ended. */
	private readonly inFlight = new Map<
		number,
		{ readonly delivery: Delivery; readonly since: number }
	>();
	private readonly ended = new Map<number, EndedDelivery>();
	readonly queue = new DeliveryQueue();
	/** Epoch milliseconds since when the mailbox cannot be opened; undefined when it was opened last. */
	unreachedSince: number | undefined;
	/** When it was asked for its age first, epoch milliseconds. */
	private begunAt: number | undefined;
	private scope = '';
	private tail: Promise<unknown> = Promise.resolve();
	private polling = false;
	/** Called when a delivery ends. */
	private onEnd: (() => void) | undefined;
	private retainedAt = Number.NEGATIVE_INFINITY;

	/** @param flow what is known of the workflow, which several mailboxes may share */
	constructor(readonly flow = new FlowControl()) {}

	/** Runs `work` after everything that was given before it has finished. */
	async exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
		const run = this.tail.then(work, work);
		this.tail = run.catch(() => undefined);
		return await run;
	}

	/**
	 * Runs a poll, unless one runs or waits already: then it does nothing, since that one will see the same mail.
	 *
	 * @returns whether it ran
	 */
	async pollOnce(work: () => Promise<void>): Promise<boolean> {
		if (this.polling) return false;
		this.polling = true;
		try {
			await this.exclusively(work);
			return true;
		} finally {
			this.polling = false;
		}
	}

	/** True once an hour, and when the clock was set back: retention is not worth a command a minute. */
	isRetentionDue(now: number): boolean {
		if (restOfPause(this.retainedAt + RETENTION_INTERVAL_MS, now) > 0) return false;
		this.retainedAt = now;
		return true;
	}

	/** UIDs mean something only within one numbering of one mailbox: forget those of another. */
	enter(scope: string): void {
		if (scope === this.scope) return;
		this.scope = scope;
		this.forgetNumbers();
	}

	/** Forgets what it knows by UID: the server has begun to use numbers again. */
	forgetNumbers(): void {
		this.inFlight.clear();
		this.ended.clear();
		this.audit.forget();
		this.queue.clear();
	}

	get currentScope(): string {
		return this.scope;
	}

	/** Deliveries that want an execution. */
	enqueue(deliveries: readonly Delivery[]): void {
		this.queue.add(deliveries);
		for (const { uid } of deliveries) this.ended.delete(uid);
	}

	/** The messages for an execution that starts at `now` (epoch milliseconds); none where it has to wait. */
	takeBatch(policy: BatchPolicy, now: number): readonly Delivery[] {
		if (!this.flow.isFree(now)) return [];
		return this.queue.take(this.flow.limit(policy), this.flow.isOneAtATime);
	}

	/** Whether a delivery that has ended is such a one. */
	hasEnded(isWanted: (ended: EndedDelivery) => boolean): boolean {
		return [...this.ended.values()].some(isWanted);
	}

	/** Notes what the cursor holds. */
	notePending({ pending }: Pick<Cursor, 'pending'>): void {
		this.flow.notePending(this, pending.filter(({ strikes = 0 }) => strikes === 0).length);
	}

	/** Notes that an execution was started with deliveries at `now` (epoch milliseconds). */
	started(deliveries: readonly Delivery[], now: number): Run {
		const run = { scope: this.scope, deliveries, startedAt: now };
		this.flow.started(run);
		for (const delivery of deliveries) {
			this.ended.delete(delivery.uid);
			this.inFlight.set(delivery.uid, { delivery, since: now });
		}
		return run;
	}

	/** What became of deliveries, unless they belong to a numbering that is gone or were given up already. */
	finished(run: Run, outcome: Fate): void {
		for (const delivery of this.takeBack(run)) {
			this.ended.set(delivery.uid, { delivery, outcome, cleanedUp: false });
		}
		this.onEnd?.();
	}

	/** The messages of a failed execution get another one, or one for each half of them. */
	tryAgain(run: Run, inHalves: boolean, isUnsure: boolean): void {
		const again = this.takeBack(run).map(asNextAttempt);
		this.queue.addAgain(again, inHalves, isUnsure);
	}

	/** Nothing that waits is started any more; the cursor keeps it for later. */
	holdBack(): void {
		for (const delivery of this.queue.clear()) {
			this.ended.set(delivery.uid, { delivery, outcome: 'held', cleanedUp: false });
		}
		this.onEnd?.();
	}

	/** The deliveries of an execution that are still its own. */
	private takeBack({ scope, deliveries }: Run): readonly Delivery[] {
		if (scope !== this.scope) return [];
		const own = deliveries.filter(({ uid }, index) => {
			return this.inFlight.get(uid)?.delivery === deliveries[index];
		});
		for (const { uid } of own) this.inFlight.delete(uid);
		return own;
	}

	/**
	 * Waits until a delivery ends.
	 *
	 * @param patience resolves when it has taken too long, or the signal tells that nobody waits any more
	 * @returns whether one has ended
	 */
	async nextEnd(patience: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
		const over = new AbortController();
		const ended = new Promise<boolean>((resolve) => {
			this.onEnd = () => {
				resolve(true);
			};
		});
		try {
			return await Promise.race([ended, patience(over.signal).then(() => false)]);
		} finally {
			this.onEnd = undefined;
			over.abort();
		}
	}

	/** Forgets deliveries whose acknowledgement is somebody else's: the cursor and the server know the rest. */
	released(run: Run): void {
		this.takeBack(run);
	}

	/** Marks acknowledged deliveries whose clean-up is done. */
	cleanedUp(deliveries: readonly Delivery[]): void {
		for (const delivery of deliveries) {
			const entry = this.ended.get(delivery.uid);
			if (entry?.delivery === delivery) this.ended.set(delivery.uid, { ...entry, cleanedUp: true });
		}
	}

	/** Notes when clean-ups that were refused are tried again. */
	cleanUpRefused(uids: readonly number[], refused: RefusedCleanUp): void {
		for (const uid of uids) {
			const entry = this.ended.get(uid);
			if (entry !== undefined) this.ended.set(uid, { ...entry, refused });
		}
	}

	/** Forgets deliveries the cursor has settled or postponed. */
	forget(uids: ReadonlySet<number>): void {
		for (const uid of uids) this.ended.delete(uid);
	}

	/** Whether a delivery waits, is on its way or has ended without the cursor knowing: then it is not handed over again. */
	knows(uid: number): boolean {
		return this.inFlight.has(uid) || this.queue.has(uid) || this.ended.has(uid);
	}

	/** Whether a delivery waits or is on its way. */
	isUnderWay(uid: number): boolean {
		return this.inFlight.has(uid) || this.queue.has(uid);
	}

	/** How many deliveries wait or are on their way. */
	get underWayCount(): number {
		return this.inFlight.size + this.queue.length;
	}

	/** Milliseconds for which it has been polled at `now` (epoch milliseconds). */
	age(now: number): number {
		this.begunAt ??= now;
		return now - this.begunAt;
	}

	/** Whether messages that n8n may die of are being tried, so that other such ones have to wait. */
	isTryingApart(now: number): boolean {
		return [...this.inFlight.values()].some(
			({ delivery, since }) => isTriedApart(delivery) && now - since < PATIENCE_MS,
		);
	}

	get inFlightCount(): number {
		return this.inFlight.size;
	}

	/** Acknowledged deliveries whose clean-up the server refused, the oldest first: they wait for nobody but the server. */
	get refusedUids(): readonly number[] {
		return [...this.ended]
			.filter(([, { refused, cleanedUp }]) => refused !== undefined && !cleanedUp)
			.map(([uid]) => uid);
	}

	/** Deliveries that have ended and that the cursor does not know of. */
	get endedCount(): number {
		return this.ended.size;
	}

	/**
	 * Deliveries that have ended. An execution that has not reported for `limitMs` counts as one with unknown outcome: n8n
	 * can fail to report one (queue mode, time-out).
	 */
	endedDeliveries(now: number, limitMs: number): readonly EndedDelivery[] {
		this.flow.giveUp(now - limitMs);
		for (const [uid, { delivery, since }] of this.inFlight) {
			if (now - since < limitMs) continue;
			this.inFlight.delete(uid);
			this.ended.set(uid, { delivery, outcome: 'unknown', cleanedUp: false });
		}
		return [...this.ended.values()];
	}
}
