import { isToTryApart, loneCrashes, nextApart } from '../../core/delivery/crashes';
import { notePending } from '../../core/delivery/cursor';
import type { Cursor, PendingDelivery } from '../../core/delivery/cursor';
import type { Delivery, FailedDelivery } from '../../core/delivery/delivery';
import { pauseAfter } from '../../core/delivery/retry';
import { startProbe } from '../hand-over';
import type { Ingest, Mailbox } from '../ingest';
import { deliverAgain, findDue } from './redeliver';
import { reportCrashing, toCrashWords } from '../report-news';
import { quarantine, settleOutcomes } from '../settle';
import type { Settled } from '../settle';

/** An n8n that ends by itself soon after its start has none of its ends blamed on a message. */
const LEAST_AGE_MS = 60_000;
/** How long a poll goes on with such messages, in milliseconds: new mail waits meanwhile. */
const BUDGET_MS = 10_000;

/**
 * Tries again, one execution at a time, what was on its way each time n8n ended: n8n may die of it (out of memory). All other
 * mail comes first. A message with which alone n8n has ended as often as a message may fail goes to quarantine.
 */
export async function redeliverApart(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
): Promise<Settled> {
	const { clock } = ingest;
	const deadline = clock.now() + BUDGET_MS;
	let settled: Settled = { cursor: start, refusals: [] };
	while (clock.now() < deadline && isFree(ingest, settled.cursor)) {
		const group = nextGroup(ingest, settled.cursor);
		const [first] = group;
		if (first === undefined) break;
		const { cursor, refusals } = settled;
		const tried =
			loneCrashes(first) >= ingest.settings.retry.maxAttempts
				? await giveUp(ingest, mailbox, cursor, first)
				: await tryApart(ingest, mailbox, cursor, group, deadline);
		settled = { cursor: tried.cursor, refusals: [...refusals, ...tried.refusals] };
	}
	return settled;
}

/** While the workflow fails, such a message is the last to try it with. */
function isFree(ingest: Ingest, cursor: Cursor): boolean {
	const { runtime, clock } = ingest;
	const now = clock.now();
	if (runtime.age(now) < LEAST_AGE_MS || runtime.isTryingApart(now)) return false;
	if (!runtime.flow.isFailing) return true;
	return runtime.flow.isProbeDue(now) && findDue(ingest, cursor).length === 0;
}

function nextGroup(ingest: Ingest, cursor: Cursor): readonly PendingDelivery[] {
	const { flow } = ingest.runtime;
	const limit = flow.limit(flow.record.policy(ingest.settings.batchSize));
	return nextApart(findDue(ingest, cursor, isToTryApart)).slice(0, flow.isFailing ? 1 : limit);
}

async function tryApart(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
	group: readonly PendingDelivery[],
	deadline: number,
): Promise<Settled> {
	const { runtime, clock, settings, memory } = ingest;
	const { maxAttempts } = settings.retry;
	const times = Math.min(...group.map(loneCrashes));
	const pauseMs =
		times + 1 < maxAttempts ? pauseAfter(settings.retry, times + 1, clock.random()) : 0;
	const noted = notePending(
		start,
		new Map(group.map(({ uid, crashes = 0 }) => [uid, { crashes }])),
	);
	const given = await deliverAgain(ingest, mailbox, noted, group, (_, cursor, deliveries) => {
		if (times > 0) reportCrashing(ingest, deliveries, times);
		return startProbe(ingest, cursor, deliveries, pauseMs);
	});
	while (group.some(({ uid }) => runtime.isUnderWay(uid))) {
		const limit = deadline - clock.now();
		if (limit <= 0 || !(await runtime.nextEnd((signal) => clock.sleep(limit, signal)))) break;
	}
	const settled = await settleOutcomes(ingest, mailbox, given.cursor);
	memory.saveCursor(settled.cursor);
	return { cursor: settled.cursor, refusals: [...given.refusals, ...settled.refusals] };
}

async function giveUp(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
	next: PendingDelivery,
): Promise<Settled> {
	const given: Delivery[] = [];
	const read = await deliverAgain(ingest, mailbox, start, [next], (_, cursor, deliveries) => {
		given.push(...deliveries);
		return cursor;
	});
	const message = `${toCrashWords(loneCrashes(next))}, as it does when it runs out of memory`;
	const last = given.map((delivery): FailedDelivery => {
		const { uid } = delivery;
		const { attempt } = next;
		return { uid, attempt, reason: message, delivery, failure: { message } };
	});
	const { cursor, refusals } = await quarantine(ingest, mailbox, read.cursor, last);
	ingest.memory.saveCursor(cursor);
	return { cursor, refusals: [...read.refusals, ...refusals] };
}
