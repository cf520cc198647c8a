import { canonicalMailbox } from './mailbox-name';

/** A message handed to a workflow, or about to be, whose outcome is not known to have been a success. */
export interface PendingDelivery {
	readonly uid: number;
	/** Attempts begun, the first is 1. */
	readonly attempt: number;
	/** Epoch milliseconds before which it is not tried again. */
	readonly notBefore: number;
}

/** How far a mailbox has been read: UIDVALIDITY plus UID position, and what is still on its way. */
export interface Cursor {
	readonly account: string;
	readonly mailbox: string;
	readonly uidValidity: string;
	/** Every message with a UID up to here was looked at. */
	readonly position: number;
	readonly pending: readonly PendingDelivery[];
	/** Only messages received from this time on (epoch milliseconds) are looked at; 0 = all. Set by a renumbered mailbox. */
	readonly receivedFrom: number;
	/** The latest INTERNALDATE seen, epoch milliseconds. */
	readonly lastReceived: number;
}

/** What a mailbox says of itself when it is opened (RFC 3501, 2.3.1.1). */
export interface MailboxIdentity {
	readonly account: string;
	readonly mailbox: string;
	readonly uidValidity: string;
	readonly uidNext: number;
}

/** Why a cursor could not simply go on. */
export type CursorChange = 'continued' | 'first' | 'renumbered';

/** After renumbering, mail received up to a day before the last one seen is looked at again: servers do not keep mail in order of arrival. */
const RENUMBERED_OVERLAP_MS = 86_400_000;

/**
 * The cursor to go on with: the stored one, a first one, or one that finds its way in a renumbered mailbox.
 *
 * @param startAt where a first cursor stands: before everything that is there, or behind it
 */
export function resumeCursor(
	stored: Cursor | undefined,
	mailbox: MailboxIdentity,
	startAt: 'newMail' | 'everything',
): { readonly cursor: Cursor; readonly change: CursorChange } {
	const name = canonicalMailbox(mailbox.mailbox);
	if (stored?.account !== mailbox.account || stored.mailbox !== name) {
		const position = startAt === 'everything' ? 0 : mailbox.uidNext - 1;
		return { change: 'first', cursor: { ...emptyCursor(mailbox, name), position } };
	}
	if (stored.uidValidity !== mailbox.uidValidity) {
		// UIDs of the old numbering mean nothing now, so pending deliveries are found again by reading from the start.
		const lastReceived = stored.lastReceived;
		const receivedFrom = Math.max(0, lastReceived - RENUMBERED_OVERLAP_MS);
		return {
			change: 'renumbered',
			cursor: { ...emptyCursor(mailbox, name), receivedFrom, lastReceived },
		};
	}
	return { change: 'continued', cursor: stored };
}

function emptyCursor(mailbox: MailboxIdentity, name: string): Cursor {
	return {
		account: mailbox.account,
		mailbox: name,
		uidValidity: mailbox.uidValidity,
		position: 0,
		pending: [],
		receivedFrom: 0,
		lastReceived: 0,
	};
}

/** A page of messages was looked at: the position goes on, what matched becomes pending with its first attempt. */
export function advance(
	cursor: Cursor,
	page: {
		readonly position: number;
		readonly matched: readonly number[];
		readonly received: readonly number[];
	},
): Cursor {
	const known = new Set(cursor.pending.map((delivery) => delivery.uid));
	const added = [...new Set(page.matched)]
		.filter((uid) => !known.has(uid))
		.map((uid) => ({ uid, attempt: 1, notBefore: 0 }));
	return {
		...cursor,
		position: Math.max(cursor.position, page.position),
		pending: [...cursor.pending, ...added],
		lastReceived: Math.max(cursor.lastReceived, ...page.received),
	};
}

/** Deliveries that are over, because they were acknowledged, quarantined, or their message is gone. */
export function settle(cursor: Cursor, uids: ReadonlySet<number>): Cursor {
	return { ...cursor, pending: cursor.pending.filter((delivery) => !uids.has(delivery.uid)) };
}

/** Deliveries that are tried again not before the given times (epoch milliseconds by UID). */
export function postpone(cursor: Cursor, notBefore: ReadonlyMap<number, number>): Cursor {
	return {
		...cursor,
		pending: cursor.pending.map((delivery) => ({
			...delivery,
			notBefore: notBefore.get(delivery.uid) ?? delivery.notBefore,
		})),
	};
}

/** Another attempt begins for these deliveries. */
export function beginAttempt(cursor: Cursor, uids: ReadonlySet<number>): Cursor {
	return {
		...cursor,
		pending: cursor.pending.map((delivery) =>
			uids.has(delivery.uid) ? { ...delivery, attempt: delivery.attempt + 1 } : delivery,
		),
	};
}
