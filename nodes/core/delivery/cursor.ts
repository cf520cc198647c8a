import { moveOn } from './gaps';
import type { UidRange } from './gaps';
import type { Waiting } from '../expected/silence';
import { canonicalMailbox } from '../message/mailbox-name';
import { restOfPause } from '../pause';

/** A message handed to a workflow, or about to be, whose outcome is not known to have been a success. */
export interface PendingDelivery {
	readonly uid: number;
	/** Attempts begun, the first is 1. */
	readonly attempt: number;
	/** Epoch milliseconds before which it is not tried again. */
	readonly notBefore: number;
	/** INTERNALDATE, epoch milliseconds: finds the message again in a renumbered mailbox. */
	readonly received: number;
	/** How often it failed alone while others succeeded; absent for never. */
	readonly strikes?: number;
	/** How often in a row it was handed over again though no end was known of the execution before; absent for never. */
	readonly crashes?: number;
	/** Set when it was handed over under an id of the first form, which it keeps (`deliveryId`). */
	readonly hasFirstId?: true;
}

/** How far a mailbox has been read: UIDVALIDITY plus UID position, and what is still on its way. */
export interface Cursor {
	readonly account: string;
	readonly mailbox: string;
	readonly uidValidity: string;
	/** How often the mailbox had to be looked at again from its start, so that its position fell; absent for never. */
	readonly generation?: number;
	/** Every message with a UID up to here was looked at, except those in `gaps`. */
	readonly position: number;
	/** UIDs up to `position` that the server told of no message for; the audit asks whether that was true. */
	readonly gaps: readonly UidRange[];
	readonly pending: readonly PendingDelivery[];
	/** UIDs below this one are looked at for the second time: what was delivered, or is older than `receivedFrom`, is left alone. */
	readonly rescanBelow: number;
	/** Epoch milliseconds; 0 = whatever its age. */
	readonly receivedFrom: number;
	/** The latest INTERNALDATE seen, epoch milliseconds. */
	readonly lastReceived: number;
	/** Tells a change of the rules. */
	readonly rulesKey: string;
	/** Since when it has been told that the workflow fails, epoch milliseconds; 0 while it does not. */
	readonly failingSince: number;
	/** Whether executions run in the process of the trigger, so that none outlasts it; absent where that is not known. */
	readonly ranHere?: boolean;
	/** What is remembered of mail that rules expect; absent where they expect none. */
	readonly waiting?: readonly Waiting[];
}

/** What a mailbox says of itself when it is opened (RFC 3501, 2.3.1.1). */
export interface MailboxIdentity {
	readonly account: string;
	readonly mailbox: string;
	readonly uidValidity: string;
	readonly uidNext: number;
	/** False when UIDNEXT was only concluded from the messages, so that it may fall. */
	readonly isUidNextTold: boolean;
}

/** What the user wants to be looked at besides new mail. */
export interface CursorPolicy {
	/** Where a first cursor stands: before everything that is there, or behind it. */
	readonly startAt: 'newMail' | 'everything';
	/** Whether changed rules count for new mail only or for what is still there, too. */
	readonly whenRulesChange: 'newMail' | 'everything';
	readonly rulesKey: string;
	/** Epoch milliseconds. */
	readonly now: number;
	/** Set where the mailbox could not be opened for a while: from when mail counts as new, and a position before all of it. */
	readonly behind?: { readonly since: number; readonly position: number };
}

/** Why a cursor could not simply go on. */
export type CursorChange = 'continued' | 'first' | 'renumbered' | 'restored' | 'rulesChanged';

/** After renumbering, mail received up to a day before the last one seen is looked at again: servers do not keep mail in order of arrival. */
const RENUMBERED_OVERLAP_MS = 86_400_000;
/** How far the clock of a server may be behind. */
const CLOCK_MARGIN_MS = 600_000;
/** The same where nothing but the time tells new mail from what was there. */
const BEHIND_MARGIN_MS = 60_000;

/** The cursor to go on with: the stored one, a first one, or one that finds its way in a renumbered mailbox. */
export function resumeCursor(
	stored: Cursor | undefined,
	mailbox: MailboxIdentity,
	policy: CursorPolicy,
): { readonly cursor: Cursor; readonly change: CursorChange } {
	const anew: Cursor = {
		account: mailbox.account,
		mailbox: canonicalMailbox(mailbox.mailbox),
		uidValidity: mailbox.uidValidity,
		position: 0,
		gaps: [],
		pending: [],
		rescanBelow: mailbox.uidNext,
		receivedFrom: 0,
		lastReceived: 0,
		rulesKey: policy.rulesKey,
		failingSince: 0,
	};
	if (stored?.account !== anew.account || stored.mailbox !== anew.mailbox) {
		if (policy.startAt === 'everything') return { change: 'first', cursor: anew };
		return { change: 'first', cursor: { ...anew, ...fromNowOn(mailbox, policy) } };
	}
	if (stored.uidValidity !== anew.uidValidity || isRestored(stored, mailbox)) {
		const change = stored.uidValidity === anew.uidValidity ? 'restored' : 'renumbered';
		const { rulesKey } = policy;
		return { change, cursor: { ...lookAgain(stored, mailbox, policy.now), rulesKey } };
	}
	const { rulesKey } = policy;
	if (stored.rulesKey === rulesKey) return { change: 'continued', cursor: stored };
	if (policy.whenRulesChange === 'newMail') {
		return { change: 'continued', cursor: { ...stored, rulesKey } };
	}
	const generation = generationOf(stored) + 1;
	const again = {
		generation,
		position: 0,
		gaps: [],
		rescanBelow: mailbox.uidNext,
		receivedFrom: 0,
		rulesKey,
	};
	return { change: 'rulesChanged', cursor: { ...stored, ...again } };
}

/** Where a first cursor stands that leaves alone what is there. */
function fromNowOn(
	{ uidNext }: MailboxIdentity,
	{ now, behind }: CursorPolicy,
): Pick<Cursor, 'position' | 'receivedFrom'> {
	if (behind === undefined) {
		return { position: uidNext - 1, receivedFrom: Math.max(0, now - CLOCK_MARGIN_MS) };
	}
	const position = Math.min(behind.position, uidNext - 1);
	return { position, receivedFrom: Math.max(0, behind.since - BEHIND_MARGIN_MS) };
}

/**
 * Whether numbers were taken back though UIDVALIDITY has stayed, as when the mailbox was restored from a backup: what comes
 * now gets UIDs that other messages had.
 */
export function isRestored(
	{ position }: Pick<Cursor, 'position'>,
	{ uidNext, isUidNextTold }: Pick<MailboxIdentity, 'uidNext' | 'isUidNextTold'>,
): boolean {
	return isUidNextTold && uidNext <= position;
}

/**
 * The cursor that finds its way where UIDs do not mean what they did: it reads from the start, and leaves alone what was
 * delivered or is older than what was seen last. Pending deliveries are found again that way.
 */
export function lookAgain(
	stored: Cursor,
	{ uidValidity, uidNext }: Pick<MailboxIdentity, 'uidValidity' | 'uidNext'>,
	now: number,
): Cursor {
	return {
		...stored,
		uidValidity,
		generation: generationOf(stored) + 1,
		position: 0,
		gaps: [],
		pending: [],
		rescanBelow: uidNext,
		receivedFrom: lookBackTo(stored, now),
	};
}

function generationOf({ generation = 0 }: Cursor): number {
	return generation;
}

/** Far enough to find what was pending, and what came in another order than it was received. */
function lookBackTo({ lastReceived, receivedFrom, pending }: Cursor, now: number): number {
	// A message may be dated in the future.
	const overlap = Math.min(lastReceived, now) - RENUMBERED_OVERLAP_MS;
	return Math.min(Math.max(receivedFrom, overlap), ...pending.map(({ received }) => received));
}

/** A message of a page, as far as the cursor is concerned. */
export interface SeenMessage {
	readonly uid: number;
	/** INTERNALDATE, epoch milliseconds. */
	readonly received: number;
}

/** A page of messages was looked at: the position goes on, what matched becomes pending with its first attempt. */
export function advance(
	cursor: Cursor,
	page: {
		readonly position: number;
		readonly seen: readonly SeenMessage[];
		readonly matched: ReadonlySet<number>;
	},
): Cursor {
	const known = new Set(cursor.pending.map((delivery) => delivery.uid));
	const uids = page.seen.map(({ uid }) => uid);
	const added = page.seen
		.filter(({ uid }) => page.matched.has(uid) && !known.has(uid))
		// A date before 1970 would not be read back from static data.
		.map(({ uid, received }) => ({
			uid,
			received: Math.max(0, received),
			attempt: 1,
			notBefore: 0,
		}));
	return {
		...cursor,
		position: Math.max(cursor.position, page.position),
		gaps: moveOn(cursor.gaps, { position: cursor.position, upTo: page.position, seen: uids }),
		pending: [...cursor.pending, ...added],
		lastReceived: Math.max(cursor.lastReceived, ...page.seen.map(({ received }) => received)),
	};
}

/** False for a message that a second look leaves alone: it was delivered, or is older than the look goes back. */
export function isToLookAt(cursor: Cursor, message: SeenMessage, delivered: boolean): boolean {
	if (message.uid >= cursor.rescanBelow) return true;
	return !delivered && message.received >= cursor.receivedFrom;
}

/** Deliveries that are over, because they were acknowledged, quarantined, or their message is gone. */
export function settle(cursor: Cursor, uids: ReadonlySet<number>): Cursor {
	return { ...cursor, pending: cursor.pending.filter((delivery) => !uids.has(delivery.uid)) };
}

/** Deliveries that are tried again not before the given times (epoch milliseconds by UID). */
export function postpone(cursor: Cursor, notBefore: ReadonlyMap<number, number>): Cursor {
	return {
		...cursor,
		pending: cursor.pending.map((delivery) => {
			const later = notBefore.get(delivery.uid);
			return later === undefined ? delivery : { ...delivery, notBefore: later };
		}),
	};
}

/** What has become known of deliveries since, by UID. */
export function notePending(
	cursor: Cursor,
	news: ReadonlyMap<number, Partial<PendingDelivery>>,
): Cursor {
	if (news.size === 0) return cursor;
	const pending = cursor.pending.map((delivery) => ({ ...delivery, ...news.get(delivery.uid) }));
	return { ...cursor, pending };
}

/**
 * Another attempt begins for these deliveries.
 *
 * @param isEndTold whether the end of an execution is noted: where it was not, n8n ended before
 */
export function beginAttempt(
	cursor: Cursor,
	uids: ReadonlySet<number>,
	isEndTold: boolean,
): Cursor {
	const news = cursor.pending
		.filter(({ uid }) => uids.has(uid))
		.map(({ uid, attempt, crashes = 0 }) => {
			return [uid, { attempt: attempt + 1, ...(isEndTold && { crashes: crashes + 1 }) }] as const;
		});
	return notePending(cursor, new Map(news));
}

/**
 * Whether a delivery may be tried again.
 *
 * @param longestWait milliseconds
 */
export function isDue({ notBefore }: PendingDelivery, now: number, longestWait: number): boolean {
	return restOfPause(notBefore, now, longestWait) === 0;
}

/**
 * Of two cursors of the same trigger the one that knows more: n8n may read the stored one before the registration that
 * is just ending has moved it on.
 *
 * @param kept the cursor of the registration before
 */
export function laterCursor(
	stored: Cursor | undefined,
	kept: Cursor | undefined,
): Cursor | undefined {
	if (kept === undefined || stored === undefined) return kept ?? stored;
	if (stored.account !== kept.account || stored.mailbox !== kept.mailbox) return stored;
	// After a restored backup the position is lower, and right.
	const ahead = generationOf(kept) - generationOf(stored);
	if (ahead !== 0) return ahead > 0 ? kept : stored;
	return stored.uidValidity === kept.uidValidity && kept.position >= stored.position
		? kept
		: stored;
}
