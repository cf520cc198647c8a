import type { Delivery, Outcome } from '../core/delivery/delivery';
import type { IngestError } from '../core/errors';
import { restOfPause } from '../core/pause';
import { AuditMemory } from './audit-memory';

/** A delivery whose execution has ended, until the cursor has been told. */
export interface EndedDelivery {
	readonly delivery: Delivery;
	readonly outcome: Outcome;
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

/** How long an execution may run before its outcome is taken for lost: n8n can fail to report one (queue mode, time-out). */
const OUTCOME_LIMIT_MS = 3_600_000;
const RETENTION_INTERVAL_MS = 3_600_000;

/**
 * What one trigger knows only in memory: deliveries on their way, and a lock, since n8n starts a poll while the last
 * one still runs. Losing it costs duplicates, never mail: the cursor keeps every delivery pending until it is settled.
 */
export class TriggerRuntime {
	readonly audit = new AuditMemory();
	/** Deliveries handed over, with the time, whose execution has not ended. */
	private readonly inFlight = new Map<
		number,
		{ readonly delivery: Delivery; readonly since: number }
	>();
	private readonly ended = new Map<number, EndedDelivery>();
	private scope = '';
	private tail: Promise<unknown> = Promise.resolve();
	private polling = false;
	/** Called when a delivery ends. */
	private onEnd: (() => void) | undefined;
	private retainedAt = Number.NEGATIVE_INFINITY;

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
	}

	get currentScope(): string {
		return this.scope;
	}

	/** Notes that deliveries were handed over at `now` (epoch milliseconds). */
	handedOver(deliveries: readonly Delivery[], now: number): void {
		for (const delivery of deliveries) {
			this.ended.delete(delivery.uid);
			this.inFlight.set(delivery.uid, { delivery, since: now });
		}
	}

	/** Notes the outcome of deliveries, unless they belong to a numbering that is gone or were given up already. */
	finished(scope: string, deliveries: readonly Delivery[], outcome: Outcome): void {
		if (scope !== this.scope) return;
		for (const delivery of deliveries) {
			if (this.inFlight.get(delivery.uid)?.delivery !== delivery) continue;
			this.inFlight.delete(delivery.uid);
			this.ended.set(delivery.uid, { delivery, outcome, cleanedUp: false });
		}
		this.onEnd?.();
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
	released(scope: string, deliveries: readonly Delivery[]): void {
		if (scope !== this.scope) return;
		for (const delivery of deliveries) {
			if (this.inFlight.get(delivery.uid)?.delivery === delivery)
				this.inFlight.delete(delivery.uid);
		}
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

	/** Whether a delivery is on its way or has ended without the cursor knowing: then it is not handed over again. */
	knows(uid: number): boolean {
		return this.inFlight.has(uid) || this.ended.has(uid);
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

	/** Deliveries that have ended; an execution that has not reported for an hour counts as one with unknown outcome. */
	endedDeliveries(now: number): readonly EndedDelivery[] {
		for (const [uid, { delivery, since }] of this.inFlight) {
			if (now - since < OUTCOME_LIMIT_MS) continue;
			this.inFlight.delete(uid);
			this.ended.set(uid, { delivery, outcome: 'unknown', cleanedUp: false });
		}
		return [...this.ended.values()];
	}
}
