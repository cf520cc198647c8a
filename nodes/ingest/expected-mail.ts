import { noteArrivals, judgeSilence, noteUnreadable } from '../core/expected/silence';
import type { Judged, SilenceNews } from '../core/expected/silence';
import type { Cursor } from '../core/delivery/cursor';
import type { HealthEvent } from '../core/delivery/health';
import type { Ingest } from './ingest';
import type { JudgedMessage } from './judge-messages';

/** Notes what has arrived of the mail that rules expect, whatever becomes of its delivery. */
export function noteExpected(
	ingest: Ingest,
	cursor: Cursor,
	judged: readonly JudgedMessage[],
): Cursor {
	const { expectations } = ingest.settings;
	if (expectations.length === 0) return cursor;
	const arrivals = new Map<string, number[]>();
	for (const { evaluation, scanned } of judged) {
		const received = Date.parse(scanned.summary.receivedAt);
		for (const { rule } of evaluation.matches)
			arrivals.set(rule.name, [...(arrivals.get(rule.name) ?? []), received]);
	}
	const waiting = cursor.waiting ?? [];
	return apply(ingest, cursor, noteArrivals(waiting, expectations, arrivals, ingest.clock.now()));
}

/**
 * Tells what is missing now that the mailbox was read to its end.
 *
 * @param readAt when that began, epoch milliseconds
 */
export function judgeExpected(ingest: Ingest, cursor: Cursor, readAt: number): Cursor {
	const { expectations } = ingest.settings;
	const waiting = cursor.waiting ?? [];
	if (expectations.length === 0 && waiting.length === 0) return cursor;
	return apply(ingest, cursor, judgeSilence(waiting, expectations, readAt));
}

/** The mailbox cannot be read: nobody knows what has come. */
export function noteUnread({ settings, memory, clock }: Ingest): void {
	const cursor = memory.loadCursor();
	if (cursor?.waiting === undefined) return;
	const waiting = noteUnreadable(cursor.waiting, settings.expectations, clock.now());
	memory.saveCursor({ ...cursor, waiting });
}

/** Saved before it is told: n8n stores static data together with the execution it starts. */
function apply(ingest: Ingest, cursor: Cursor, { waiting, news }: Judged): Cursor {
	const next = { ...cursor, waiting };
	if (news.length > 0) ingest.memory.saveCursor(next);
	for (const one of news) tell(ingest, one);
	return next;
}

function tell({ workflow, log, settings }: Ingest, news: SilenceNews): void {
	const event = toEvent(news);
	const say = event.event === 'missing' ? log.error : log.info;
	say.call(log, event.summary, { mailbox: settings.mailbox });
	workflow.report(event);
}

type ExpectedEvent = Extract<HealthEvent, { event: 'missing' | 'arrivedLate' | 'resumed' }>;

function toEvent(news: SilenceNews): ExpectedEvent {
	const { rule, words } = news.expected;
	const due = toIso(news.due);
	const expected = `which is expected ${words}`;
	if (news.event === 'missing') {
		const lastSeen = news.lastSeen === undefined ? null : toIso(news.lastSeen);
		const last = lastSeen === null ? 'None has come so far.' : `The last one came at ${lastSeen}.`;
		const summary = `No mail has come for rule "${rule}", ${expected}: it was due at ${due}. ${last}`;
		return { event: 'missing', summary, rule, due, lastSeen };
	}
	const arrived = toIso(news.arrived);
	const { event } = news;
	const how = event === 'arrivedLate' ? 'came late' : 'comes again';
	const summary = `Mail for rule "${rule}", ${expected}, ${how}: due at ${due}, it arrived at ${arrived}.`;
	return { event, summary, rule, due, arrived };
}

const toIso = (time: number): string => new Date(time).toISOString();
