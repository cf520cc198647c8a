import type { SeenMessage } from '../core/delivery/cursor';

/** Messages whose time of receipt is remembered; those that were looked at last are the first whose UIDs are used again. */
const MAX_RECENT = 50;

/** So many changes of UIDVALIDITY within an hour are no accident. */
const OFTEN = 3;
const HOUR_MS = 3_600_000;

/** What the audit of one trigger knows only in memory. */
export class AuditMemory {
	private auditedAt: number | undefined;
	private readonly received = new Map<number, number>();
	/** The mailbox as it is open, and the UIDs that were read since: while it is open they stay what they are. */
	private opened: object | undefined;
	private readonly readHere = new Set<number>();
	private isReplaced = false;
	private askedUpTo = 0;
	private renumberedAt: readonly number[] = [];

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

	/** Notes messages that were looked at in an open mailbox. */
	noteSeen(mailbox: object, seen: readonly SeenMessage[]): void {
		if (this.opened !== mailbox) this.readHere.clear();
		this.opened = mailbox;
		for (const { uid } of seen) this.readHere.add(uid);
		for (const { uid, received } of seen) {
			this.received.delete(uid);
			this.received.set(uid, received);
		}
		for (const uid of [...this.received.keys()].slice(0, -MAX_RECENT)) this.received.delete(uid);
	}

	/** Whether a message was read since this mailbox was opened. */
	isReadIn(mailbox: object, uid: number): boolean {
		return this.opened === mailbox && this.readHere.has(uid);
	}

	/** Notes that numbers were found to be those of other messages. */
	noteReplaced(): void {
		this.isReplaced = true;
	}

	/** Whether that was noted since it was last asked. */
	takeReplaced(): boolean {
		const { isReplaced } = this;
		this.isReplaced = false;
		return isReplaced;
	}

	/** Notes the position of the cursor at this audit, and gives that at the one before; 0 for none. */
	takeAskedUpTo(position: number): number {
		const { askedUpTo } = this;
		this.askedUpTo = position;
		return askedUpTo;
	}

	/** Notes that UIDVALIDITY has changed, at `now` in epoch milliseconds. */
	noteRenumbered(now: number): void {
		this.renumberedAt = [...this.renumberedAt, now].slice(-OFTEN);
	}

	/** Whether the server keeps changing UIDVALIDITY. */
	isRenumberedOften(now: number): boolean {
		const [first] = this.renumberedAt;
		return this.renumberedAt.length === OFTEN && Math.abs(now - (first ?? 0)) < HOUR_MS;
	}

	/** Forgets messages whose UIDs mean nothing any more. */
	forget(): void {
		this.received.clear();
		this.askedUpTo = 0;
	}
}
