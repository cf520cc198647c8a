import type { Mailbox } from '../../../nodes/ingest/ingest';
import type { MailAccount, ScannedMessage } from '../../../nodes/mail/ports';

export const ACCOUNT = 'alerts@example.com@localhost';

/** A mailbox that gets an alert every so often: as fast with a million of them as with ten. */
export class SimulatedMailbox implements MailAccount {
	/** UIDs that are there. */
	readonly there = new Set<number>();
	readonly quarantined: number[] = [];
	/** When a message was cleaned up, by UID. */
	readonly doneAt = new Map<number, number>();
	private arrived = 0;

	/**
	 * @param now epoch milliseconds
	 * @param everyMs milliseconds between two alerts
	 */
	constructor(
		private readonly now: () => number,
		private readonly begin: number,
		private readonly everyMs: number,
	) {}

	/** How many have come so far. */
	get count(): number {
		const count = Math.floor((this.now() - this.begin) / this.everyMs);
		for (; this.arrived < count; this.arrived += 1) this.there.add(this.arrived + 1);
		return count;
	}

	/** When a message came, epoch milliseconds. */
	arrivalOf(uid: number): number {
		return this.begin + uid * this.everyMs;
	}

	async withMailbox<Result>(
		_path: string,
		work: (mailbox: Mailbox) => Promise<Result>,
	): Promise<Result> {
		return await work(this.open());
	}

	list(): Promise<[]> {
		return Promise.resolve([]);
	}

	private open(): Mailbox {
		const uidNext = this.count + 1;
		const existing = (uids: readonly number[]) => uids.filter((uid) => this.there.has(uid));
		const done = (uids: readonly number[]): Promise<void> => {
			for (const uid of existing(uids)) {
				this.there.delete(uid);
				this.doneAt.set(uid, this.now());
			}
			return Promise.resolve();
		};
		return {
			state: {
				path: 'INBOX',
				uidValidity: '1',
				uidNext,
				isUidNextTold: true,
				readOnly: false,
				exists: this.there.size,
			},
			canMove: true,
			uidsAfter: (position) =>
				Promise.resolve(
					existing(
						Array.from({ length: uidNext - 1 - position }, (_, index) => position + 1 + index),
					),
				),
			newestUids: () => Promise.resolve([uidNext - 1]),
			timesOfReceipt: () => Promise.resolve(new Map()),
			existing: (uids) => Promise.resolve(existing(uids)),
			flags: (uids) => Promise.resolve(new Map(existing(uids).map((uid) => [uid, new Set()]))),
			unreadWithKeyword: () => Promise.resolve([]),
			heads: (uids) => Promise.resolve(existing(uids).map((uid) => this.toScanned(uid))),
			structures: (messages) => Promise.resolve(messages),
			bodies: () => Promise.resolve({ texts: new Map(), unreadable: new Map() }),
			addFlag: () => Promise.resolve(),
			addKeyword: () => Promise.resolve(true),
			move: async (uids, folder) => {
				if (folder === 'Quarantine') this.quarantined.push(...existing(uids));
				await done(uids);
			},
			delete: done,
			status: () => Promise.resolve(undefined),
			isSpecial: () => Promise.resolve(false),
			deleteBelow: () => Promise.resolve(0),
			deleteSavedBefore: () => Promise.resolve(undefined),
		};
	}

	private toScanned(uid: number): ScannedMessage {
		return {
			summary: {
				account: ACCOUNT,
				mailbox: 'INBOX',
				uidValidity: '1',
				uid,
				messageId: `<${String(uid)}@example.com>`,
				from: ['monitor@example.com'],
				to: ['alerts@example.com'],
				subject: `alert ${String(uid)}`,
				date: null,
				receivedAt: new Date(this.arrivalOf(uid)).toISOString(),
				size: 1_000,
				attachments: [],
			},
			flags: new Set(),
			textPart: null,
			cc: [],
			headers: new Map(),
		};
	}
}
