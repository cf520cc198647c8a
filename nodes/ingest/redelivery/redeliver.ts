/*
 * What is delivered again: redeliver.ts reads what is due, after a failure or from quarantine, and gives it to the workflow;
 * redeliver-apart.ts tries what n8n may die of, one execution after the other.
 */
import { DELIVERED_KEYWORD, longestWait } from '../../core/delivery/acknowledgement';
import { isToTryApart } from '../../core/delivery/crashes';
import { advance, beginAttempt, isDue, settle } from '../../core/delivery/cursor';
import type { Cursor, PendingDelivery } from '../../core/delivery/cursor';
import type { Delivery } from '../../core/delivery/delivery';
import type { IngestError } from '../../core/errors';
import { isDeleted } from '../../core/message/message';
import type { ScannedMessage } from '../../mail/ports';
import { noteExpected } from '../expected-mail';
import { handOver, startProbe } from '../hand-over';
import type { Ingest, Mailbox } from '../ingest';
import { tellOfLackingTexts } from '../item-texts';
import { judgeMessages, readHeads } from '../judge-messages';
import { sortByVerdict } from '../verdicts';
import { failDeliveries } from '../settle';
import type { Settled } from '../settle';

/** Messages read with one command. */
const PAGE_SIZE = 200;
/** Most messages that are delivered again in one poll because somebody marked them unread. */
const MAX_REPLAYS = 25;
/** Messages that are looked at for a probe: some may be gone, or wanted no more. */
const PROBE_CANDIDATES = 5;
/** How long a poll waits for the end of a probe, in milliseconds. */
const PROBE_WAIT_MS = 5_000;
/** A message that is known to fail is the last to try a failing workflow with. */
const RANK_OF_SUSPECTS = 1_000_000;

/** Where the action node acknowledges, the server tells: the message is gone, or has the node's keyword. */
export async function settleByServer(
	{ settings, runtime }: Ingest,
	mailbox: Mailbox,
	cursor: Cursor,
): Promise<Cursor> {
	const { queue } = runtime;
	const done = new Set<number>();
	if (settings.acknowledge === 'actionNode' && cursor.pending.length > 0) {
		const unknown = cursor.pending.map(({ uid }) => uid).filter((uid) => !runtime.knows(uid));
		const uids = [...unknown, ...queue.unsureUids];
		const flags = await mailbox.flags(uids);
		// A server may leave out the row of a message that it cannot read.
		const there = new Set(await mailbox.existing(uids.filter((uid) => !flags.has(uid))));
		for (const uid of uids)
			if (flags.get(uid)?.has(DELIVERED_KEYWORD) ?? !there.has(uid)) done.add(uid);
	}
	queue.confirm(done);
	return settle(cursor, done);
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
		.slice(0, MAX_REPLAYS)
		.map((uid) => ({ uid, received: clock.now() }));
	const matched = new Set(seen.map(({ uid }) => uid));
	const replayed = advance(cursor, { position: cursor.position, seen, matched });
	return { ...replayed, lastReceived: cursor.lastReceived };
}

/** Gives deliveries that are due, and not on their way, to the workflow again; until `deadline`, epoch milliseconds. */
export async function redeliver(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
	deadline: number,
): Promise<Settled> {
	let cursor = start;
	const refusals: IngestError[] = [];
	do {
		const due = findDue(ingest, cursor).slice(0, PAGE_SIZE);
		if (due.length === 0 || ingest.runtime.flow.isFailing) break;
		const settled = await deliverAgain(ingest, mailbox, cursor, due, handOver);
		cursor = settled.cursor;
		refusals.push(...settled.refusals);
	} while (ingest.clock.now() < deadline);
	return { cursor, refusals };
}

/**
 * Tries a failing workflow with one message when that is due: with one that was not tried yet, or least often. Waits a
 * little for what comes of it, since all the rest does.
 */
export async function probe(ingest: Ingest, mailbox: Mailbox, start: Cursor): Promise<Settled> {
	const { runtime, clock } = ingest;
	const { flow, currentScope } = runtime;
	let cursor = start;
	const refusals: IngestError[] = [];
	const rank = ({ uid, strikes = 0 }: PendingDelivery): number =>
		strikes * RANK_OF_SUSPECTS + flow.timesAlone(currentScope, uid);
	const candidates = findDue(ingest, cursor).sort((left, right) => rank(left) - rank(right));
	for (const candidate of candidates.slice(0, PROBE_CANDIDATES)) {
		if (!flow.isProbeDue(clock.now())) break;
		const settled = await deliverAgain(ingest, mailbox, cursor, [candidate], startProbe);
		cursor = settled.cursor;
		refusals.push(...settled.refusals);
	}
	if (runtime.inFlightCount > 0) {
		await runtime.nextEnd((signal) => clock.sleep(PROBE_WAIT_MS, signal));
	}
	return { cursor, refusals };
}

/** Deliveries that are due and not on their way, suspects last; those that n8n may die of are tried by themselves. */
export function findDue(
	{ runtime, clock, settings }: Ingest,
	{ pending }: Cursor,
	isWanted: (delivery: PendingDelivery) => boolean = (delivery) => !isToTryApart(delivery),
): PendingDelivery[] {
	const wait = longestWait(settings.acknowledge, settings.retry);
	return pending
		.filter(isWanted)
		.filter((delivery) => isDue(delivery, clock.now(), wait) && !runtime.knows(delivery.uid))
		.sort((left, right) => (left.strikes ?? 0) - (right.strikes ?? 0));
}

/**
 * Reads messages again and gives what is still wanted to `give`, as the next attempt; what is gone is settled.
 */
export async function deliverAgain(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
	due: readonly PendingDelivery[],
	give: (ingest: Ingest, cursor: Cursor, deliveries: readonly Delivery[]) => Cursor,
): Promise<Settled> {
	const { clock, memory, settings } = ingest;
	const uids = due.map(({ uid }) => uid);
	const heads = await readHeads(mailbox, uids, ingest.settings);
	const open = heads.filter((message) => isStillOpen(ingest, message));
	const openUids = new Set(open.map(({ summary }) => summary.uid));
	// Gone, or delivered before a restart that the cursor does not remember.
	let cursor = settle(start, new Set(uids.filter((uid) => !openUids.has(uid))));
	const tried = new Set(due.filter(isTried).map(({ uid }) => uid));
	cursor = beginAttempt(cursor, tried, settings.acknowledge !== 'actionNode');
	const judged = await judgeMessages(mailbox, open, ingest.settings, clock);
	tellOfLackingTexts(ingest, judged);
	cursor = noteExpected(ingest, cursor, judged);
	const sorted = sortByVerdict(cursor, judged, ingest.settings);
	const settled = await failDeliveries(
		ingest,
		mailbox,
		settle(cursor, new Set(sorted.unmatched)),
		sorted.failed,
	);
	memory.saveCursor(settled.cursor);
	const { flow, currentScope } = ingest.runtime;
	const deliveries = sorted.deliveries.map((delivery) =>
		flow.isSuspect(currentScope, delivery.uid)
			? { ...delivery, isSuspect: true as const }
			: delivery,
	);
	return { ...settled, cursor: give(ingest, settled.cursor, deliveries) };
}

/** True once it was handed over; what was only noted before a crash has its first attempt still before it. */
function isTried({ notBefore }: PendingDelivery): boolean {
	return notBefore > 0;
}

/** False for a message whose delivery succeeded before a restart, unless somebody wants it again. */
function isStillOpen({ settings }: Ingest, { flags }: ScannedMessage): boolean {
	// Deleted by a person: that settles it.
	if (isDeleted(flags)) return false;
	if (!flags.has(settings.keyword)) return true;
	return settings.replayUnread && !flags.has('\\Seen');
}
