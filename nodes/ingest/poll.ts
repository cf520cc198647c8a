import { advance, beginAttempt, resumeCursor, settle } from '../core/cursor';
import type { Cursor, PendingDelivery } from '../core/cursor';
import { toDelivery } from '../core/delivery';
import type { Delivery } from '../core/delivery';
import { handOver } from './hand-over';
import type { Ingest, Mailbox } from './ingest';
import { judgeMessages } from './read-messages';
import type { JudgedMessage } from './read-messages';
import { applyRetention } from './retain';
import { failDeliveries, settleOutcomes } from './settle';

/** Messages read with one command. */
const PAGE_SIZE = 200;
/** Most messages on their way at once: bounds memory and the cursor; the rest waits for the next poll. */
const MAX_PENDING = 1_000;
/** Most messages that are delivered again in one poll, each in an execution of its own. */
const MAX_REDELIVERIES = 25;

/**
 * One poll: settle what has ended, deliver again what failed, scan what is new, retain. Goes on until nothing is left or
 * `deadline` (epoch milliseconds) has passed, and always gets at least one page done. Does nothing while another poll of
 * the same trigger runs.
 *
 * @throws IngestError when the mailbox cannot be opened or read (the cursor saved so far is kept), or, after everything
 * else was done, when the server refused a clean-up
 */
export async function poll(ingest: Ingest, deadline: number): Promise<void> {
	await ingest.runtime.pollOnce(async () => {
		const [refusal] = await ingest.account.withMailbox(ingest.settings.mailbox, async (mailbox) => {
			const settled = await settleOutcomes(ingest, mailbox, openCursor(ingest, mailbox));
			ingest.memory.saveCursor(settled.cursor);
			const redelivered = await redeliver(ingest, mailbox, settled.cursor);
			await scan(ingest, mailbox, redelivered, deadline);
			if (ingest.runtime.isRetentionDue(ingest.clock.now())) await applyRetention(ingest, mailbox);
			return settled.refusals;
		});
		if (refusal !== undefined) throw refusal;
	});
}

function openCursor(ingest: Ingest, mailbox: Mailbox): Cursor {
	const { settings, memory, runtime, log } = ingest;
	const { path, uidValidity, uidNext } = mailbox.state;
	const identity = { account: settings.accountName, mailbox: path, uidValidity, uidNext };
	const { cursor, change } = resumeCursor(memory.loadCursor(), identity, settings.startAt);
	runtime.enter(`${settings.accountName}\n${path}\n${uidValidity}`);
	if (change === 'first') log.info(`Watching "${path}" from UID ${String(cursor.position + 1)} on`);
	if (change === 'renumbered') {
		log.warn(
			`The server renumbered "${path}" (UIDVALIDITY changed); its recent mail is looked at again`,
		);
	}
	memory.saveCursor(cursor);
	return cursor;
}

/** Tries the deliveries again that are due and not on their way, each in an execution of its own. */
async function redeliver(ingest: Ingest, mailbox: Mailbox, start: Cursor): Promise<Cursor> {
	const { runtime, clock, memory } = ingest;
	const isDue = ({ uid, notBefore }: PendingDelivery): boolean =>
		notBefore <= clock.now() && !runtime.knows(uid);
	const due = start.pending
		.filter(isDue)
		.slice(0, MAX_REDELIVERIES)
		.map(({ uid }) => uid);
	if (due.length === 0) return start;
	const heads = await mailbox.heads(due);
	let cursor = settle(
		start,
		goneFrom(
			due,
			heads.map(({ summary }) => summary.uid),
		),
	);
	cursor = beginAttempt(cursor, new Set(due));
	const judged = await judgeMessages(mailbox, heads, ingest.settings, clock);
	const sorted = sortByVerdict(cursor, judged);
	cursor = settle(cursor, new Set(sorted.unmatched));
	cursor = await failDeliveries(ingest, mailbox, cursor, sorted.failed);
	memory.saveCursor(cursor);
	for (const delivery of sorted.deliveries) cursor = handOver(ingest, cursor, [delivery]);
	return cursor;
}

function goneFrom(wanted: readonly number[], found: readonly number[]): ReadonlySet<number> {
	const there = new Set(found);
	return new Set(wanted.filter((uid) => !there.has(uid)));
}

/** Looks at new messages page by page and hands over what matches. */
async function scan(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
	deadline: number,
): Promise<void> {
	const { memory, clock, settings } = ingest;
	const uids = await mailbox.uidsAfter(start.position);
	let cursor = start;
	for (let from = 0; from < uids.length; from += PAGE_SIZE) {
		if (from > 0 && clock.now() >= deadline) return;
		if (cursor.pending.length + PAGE_SIZE > MAX_PENDING) return;
		const page = uids.slice(from, from + PAGE_SIZE);
		const seen = await lookAt(ingest, mailbox, cursor, page);
		cursor = seen.cursor;
		memory.saveCursor(cursor);
		for (let first = 0; first < seen.deliveries.length; first += settings.batchSize) {
			cursor = handOver(ingest, cursor, seen.deliveries.slice(first, first + settings.batchSize));
		}
	}
	// Numbers below UIDNEXT that nobody has any more are not asked for again.
	memory.saveCursor(
		advance(cursor, { position: mailbox.state.uidNext - 1, matched: [], received: [] }),
	);
}

async function lookAt(
	ingest: Ingest,
	mailbox: Mailbox,
	cursor: Cursor,
	uids: readonly number[],
): Promise<{ readonly cursor: Cursor; readonly deliveries: readonly Delivery[] }> {
	const heads = await mailbox.heads(uids);
	const received = heads.map(({ summary }) => Date.parse(summary.receivedAt));
	const wanted = heads.filter((_, index) => (received[index] ?? 0) >= cursor.receivedFrom);
	const judged = await judgeMessages(mailbox, wanted, ingest.settings, ingest.clock);
	const { deliveries, failed } = sortByVerdict(cursor, judged);
	const matched = [...deliveries, ...failed].map(({ uid }) => uid);
	const advanced = advance(cursor, { position: uids.at(-1) ?? cursor.position, matched, received });
	return { deliveries, cursor: await failDeliveries(ingest, mailbox, advanced, failed) };
}

/** Sorts judged messages into what to deliver, what failed, and what no rule wants. */
function sortByVerdict(
	cursor: Cursor,
	judged: readonly JudgedMessage[],
): {
	readonly deliveries: readonly Delivery[];
	readonly failed: ReadonlyArray<Pick<Delivery, 'uid' | 'attempt'>>;
	readonly unmatched: readonly number[];
} {
	const attempts = new Map(cursor.pending.map(({ uid, attempt }) => [uid, attempt]));
	const attemptOf = (uid: number): number => attempts.get(uid) ?? 1;
	const failed = judged.filter(({ failure }) => failure !== undefined);
	const matched = judged.filter(({ evaluation }) => evaluation.matches.length > 0);
	const unmatched = judged.filter(
		({ failure, evaluation }) => failure === undefined && evaluation.matches.length === 0,
	);
	return {
		deliveries: matched.map(({ summary, evaluation }) =>
			toDelivery(summary, evaluation.matches, attemptOf(summary.uid)),
		),
		failed: failed.map(({ summary: { uid } }) => ({ uid, attempt: attemptOf(uid) })),
		unmatched: unmatched.map(({ summary }) => summary.uid),
	};
}
