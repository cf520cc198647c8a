import { crashCount, isToTryAlone, loneCrashCount } from '../../core/delivery/crashes';
import type { Cursor, PendingDelivery } from '../../core/delivery/cursor';
import type { Delivery, FailedDelivery } from '../../core/delivery/delivery';
import { startProbe } from '../hand-over';
import type { Ingest, Mailbox } from '../ingest';
import { deliverAgain, findDue } from './redeliver';
import { reportCrashing } from '../report-news';
import { pauseAfter, quarantine, settleOutcomes } from '../settle';
import type { Settled } from '../settle';

/** An n8n that ends by itself soon after its start has none of its ends blamed on a message. */
const LEAST_AGE_MS = 60_000;
/** How long a poll goes on with such messages, in milliseconds: new mail waits meanwhile. */
const BUDGET_MS = 10_000;

/**
 * Tries again, alone and one after the other, what was on its way each time n8n ended: n8n may die of it (out of memory).
 * All other mail comes first. A message with which n8n has ended as often as a message may fail goes to quarantine.
 */
export async function redeliverAlone(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
): Promise<Settled> {
	const { clock } = ingest;
	const deadline = clock.now() + BUDGET_MS;
	let settled: Settled = { cursor: start, refusals: [] };
	while (clock.now() < deadline && isFree(ingest, settled.cursor)) {
		const [next] = findCrashing(ingest, settled.cursor);
		if (next === undefined) break;
		const { cursor, refusals } = settled;
		const tried = await tryAlone(ingest, mailbox, cursor, next, deadline);
		settled = { cursor: tried.cursor, refusals: [...refusals, ...tried.refusals] };
	}
	return settled;
}

/** While the workflow fails, such a message is the last to try it with. */
function isFree(ingest: Ingest, cursor: Cursor): boolean {
	const { runtime, clock } = ingest;
	const now = clock.now();
	if (runtime.age(now) < LEAST_AGE_MS || runtime.isTryingAlone(now)) return false;
	if (!runtime.flow.isFailing) return true;
	return runtime.flow.isProbeDue(now) && findDue(ingest, cursor).length === 0;
}

/** The least suspicious first. */
function findCrashing(ingest: Ingest, cursor: Cursor): readonly PendingDelivery[] {
	return findDue(ingest, cursor, isToTryAlone).sort(
		(left, right) => crashCount(left) - crashCount(right),
	);
}

async function tryAlone(
	ingest: Ingest,
	mailbox: Mailbox,
	start: Cursor,
	next: PendingDelivery,
	deadline: number,
): Promise<Settled> {
	const { runtime, clock, settings, memory } = ingest;
	const { maxAttempts } = settings.retry;
	const times = loneCrashCount(next);
	if (times >= maxAttempts) return await giveUp(ingest, mailbox, start, next);
	const pauseMs =
		times + 1 < maxAttempts ? pauseAfter(settings.retry, times + 1, clock.random()) : 0;
	const given = await deliverAgain(ingest, mailbox, start, [next], (_, cursor, deliveries) => {
		if (times > 0) reportCrashing(ingest, deliveries, crashCount(next));
		return startProbe(ingest, cursor, deliveries, pauseMs);
	});
	while (runtime.isUnderWay(next.uid)) {
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
	const message = `n8n ended ${String(crashCount(next))} times while its execution was running, as it does when it runs out of memory`;
	const last = given.map((delivery): FailedDelivery => {
		const { uid } = delivery;
		const { attempt } = next;
		return { uid, attempt, reason: message, delivery, failure: { message } };
	});
	const { cursor, refusals } = await quarantine(ingest, mailbox, read.cursor, last);
	ingest.memory.saveCursor(cursor);
	return { cursor, refusals: [...read.refusals, ...refusals] };
}
