import type { SeenMessage } from '../core/delivery/cursor';

/** Messages whose time of receipt is remembered; those that were looked at last are the first whose UIDs are used again. */
const MAX_RECENT = 50;

/** What the audit of one trigger knows only in memory. */
export class AuditMemory {
	private auditedAt: number | undefined;
	private readonly received = new Map<number, number>();

	/** Times of receipt (epoch milliseconds) of the messages that were looked at last, by UID. */
	get recent(): ReadonlyMap<number, number> {
		return this.received;
	}

	/**
	 * Whether it is time for an audit, which is then taken for done. After a start there is something to find only where the
	 * cursor has gaps; a clock that was set back makes one due.
	 */
	isDue(now: number, everyMs: number, hasGaps: boolean): boolean {
		const isDue =
			this.auditedAt === undefined ? hasGaps : Math.abs(now - this.auditedAt) >= everyMs;
		if (isDue || this.auditedAt === undefined) this.auditedAt = now;
		return isDue;
	}

	/** Notes messages that were looked at. */
	noteSeen(seen: readonly SeenMessage[]): void {
		for (const { uid, received } of seen) {
			this.received.delete(uid);
			this.received.set(uid, received);
		}
		for (const uid of [...this.received.keys()].slice(0, -MAX_RECENT)) this.received.delete(uid);
	}

	/** Forgets messages whose UIDs mean nothing any more. */
	forget(): void {
		this.received.clear();
	}
}
