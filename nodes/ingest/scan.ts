import { advance, isToLookAt } from '../core/cursor';
import type { Cursor } from '../core/cursor';
import type { Delivery } from '../core/delivery';
import type { IngestError } from '../core/errors';
import { handOver } from './hand-over';
import type { Ingest, Mailbox } from './ingest';
import { judgeMessages, sortByVerdict } from './judge-messages';
import { failDeliveries } from './settle';
import type { Settled } from './settle';

/** Messages read with one command. */
const PAGE_SIZE = 200;
/** Most messages on their way at once: bounds memory and the cursor; the rest waits for the next poll. */
const MAX_PENDING = 1_000;

/**
 * Looks at new messages page by page and hands over what matches.
 *
 * @returns what the server refused on the way
 */
export async function scan(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
	deadline: number,
): Promise<readonly IngestError[]> {
	const { memory, clock, settings } = ingest;
	const uids = await mailbox.uidsAfter(start.position);
	const refusals: IngestError[] = [];
	let cursor = start;
	for (let from = 0; from < uids.length; from += PAGE_SIZE) {
		if (from > 0 && clock.now() >= deadline) return refusals;
		if (cursor.pending.length + PAGE_SIZE > MAX_PENDING) return refusals;
		const page = await lookAt(ingest, mailbox, cursor, uids.slice(from, from + PAGE_SIZE));
		refusals.push(...page.refusals);
		cursor = page.cursor;
		memory.saveCursor(cursor);
		for (let first = 0; first < page.deliveries.length; first += settings.batchSize) {
			const batch = page.deliveries.slice(first, first + settings.batchSize);
			cursor = handOver(ingest, cursor, batch);
		}
	}
	// Numbers below UIDNEXT that nobody has any more are not asked for again.
	const position = mailbox.state.uidNext - 1;
	memory.saveCursor(advance(cursor, { position, seen: [], matched: new Set() }));
	return refusals;
}

async function lookAt(
	ingest: Ingest,
	mailbox: Mailbox,
	cursor: Cursor,
	uids: readonly number[],
): Promise<Settled & { readonly deliveries: readonly Delivery[] }> {
	const { settings, clock, runtime } = ingest;
	const heads = await mailbox.heads(uids);
	const seen = heads.map(({ summary: { uid, receivedAt } }) => ({
		uid,
		received: Date.parse(receivedAt),
	}));
	const pending = new Set(cursor.pending.map(({ uid }) => uid));
	const wanted = heads.filter(({ flags }, index) => {
		const message = seen[index];
		if (message === undefined || pending.has(message.uid) || runtime.knows(message.uid))
			return false;
		return isToLookAt(cursor, message, flags.has(settings.keyword));
	});
	const judged = await judgeMessages(mailbox, wanted, settings, clock);
	const { deliveries, failed } = sortByVerdict(cursor, judged, settings);
	const matched = new Set([...deliveries, ...failed].map(({ uid }) => uid));
	const advanced = advance(cursor, { position: uids.at(-1) ?? cursor.position, seen, matched });
	return { deliveries, ...(await failDeliveries(ingest, mailbox, advanced, failed)) };
}
