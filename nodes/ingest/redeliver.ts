import { DELIVERED_KEYWORD, longestWait } from '../core/delivery/acknowledgement';
import { advance, beginAttempt, isDue, settle } from '../core/delivery/cursor';
import type { Cursor, PendingDelivery } from '../core/delivery/cursor';
import { isDeleted } from '../core/message/message';
import type { ScannedMessage } from '../mail/ports';
import { handOver } from './hand-over';
import type { Ingest, Mailbox } from './ingest';
import { judgeMessages, readHeads, sortByVerdict } from './judge-messages';
import { failDeliveries } from './settle';
import type { Settled } from './settle';

/** Most messages that are delivered again in one poll, each in an execution of its own. */
const MAX_REDELIVERIES = 25;

/** Where the action node acknowledges, the server tells: the message is gone, or has the node's keyword. */
export async function settleByServer(
	{ settings, runtime }: Ingest,
	mailbox: Mailbox,
	cursor: Cursor,
): Promise<Cursor> {
	if (settings.acknowledge !== 'actionNode' || cursor.pending.length === 0) return cursor;
	const uids = cursor.pending.map(({ uid }) => uid).filter((uid) => !runtime.knows(uid));
	const flags = await mailbox.flags(uids);
	const done = uids.filter((uid) => flags.get(uid)?.has(DELIVERED_KEYWORD) ?? true);
	return settle(cursor, new Set(done));
}

/** Makes messages pending again that were marked as read after their delivery and that somebody marked unread. */
export async function startReplays(
	{ settings, runtime, clock }: Ingest,
	mailbox: Mailbox,
	cursor: Cursor,
): Promise<Cursor> {
	if (!settings.replayUnread) return cursor;
	const found = await mailbox.unreadWithKeyword(settings.keyword, cursor.position);
	const seen = found
		.filter((uid) => !runtime.knows(uid))
		.slice(0, MAX_REDELIVERIES)
		.map((uid) => ({ uid, received: clock.now() }));
	const matched = new Set(seen.map(({ uid }) => uid));
	const replayed = advance(cursor, { position: cursor.position, seen, matched });
	return { ...replayed, lastReceived: cursor.lastReceived };
}

/** Tries the deliveries again that are due and not on their way, each in an execution of its own. */
export async function redeliver(ingest: Ingest, mailbox: Mailbox, start: Cursor): Promise<Settled> {
	const { runtime, clock, memory } = ingest;
	const wait = longestWait(ingest.settings.acknowledge);
	const due = start.pending
		.filter((delivery) => isDue(delivery, clock.now(), wait) && !runtime.knows(delivery.uid))
		.slice(0, MAX_REDELIVERIES);
	if (due.length === 0) return { cursor: start, refusals: [] };
	const uids = due.map(({ uid }) => uid);
	const heads = await readHeads(mailbox, uids, ingest.settings);
	const open = heads.filter((message) => isStillOpen(ingest, message));
	const openUids = new Set(open.map(({ summary }) => summary.uid));
	// Gone, or delivered before a restart that the cursor does not remember.
	let cursor = settle(start, new Set(uids.filter((uid) => !openUids.has(uid))));
	cursor = beginAttempt(cursor, new Set(due.filter(isTried).map(({ uid }) => uid)));
	const judged = await judgeMessages(mailbox, open, ingest.settings, clock);
	const sorted = sortByVerdict(cursor, judged, ingest.settings);
	const settled = await failDeliveries(
		ingest,
		mailbox,
		settle(cursor, new Set(sorted.unmatched)),
		sorted.failed,
	);
	cursor = settled.cursor;
	memory.saveCursor(cursor);
	for (const delivery of sorted.deliveries) cursor = handOver(ingest, cursor, [delivery]);
	return { cursor, refusals: settled.refusals };
}

/** True once it was handed over; what was only noted before a crash has its first attempt still before it. */
function isTried({ notBefore }: PendingDelivery): boolean {
	return notBefore > 0;
}

/** False for a message whose delivery succeeded before a restart, unless somebody wants it again. */
function isStillOpen({ settings }: Ingest, { flags }: ScannedMessage): boolean {
	// Somebody has deleted it, which is an answer, too.
	if (isDeleted(flags)) return false;
	if (!flags.has(settings.keyword)) return true;
	return settings.replayUnread && !flags.has('\\Seen');
}
