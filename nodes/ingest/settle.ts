import { planEffects, toCleanUpEffects } from '../core/delivery/effect-plan';
import { notePending, postpone, settle } from '../core/delivery/cursor';
import type { Cursor, PendingDelivery } from '../core/delivery/cursor';
import { IngestError } from '../core/errors';
import { restOfPause } from '../core/pause';
import type { FailedDelivery } from '../core/delivery/delivery';
import { CLEAN_UP_RETRY, pauseAfter } from '../core/delivery/retry';
import type { OpenMailbox } from '../mail/ports';
import type { Ingest, IngestSettings, Mailbox } from './ingest';
import { performCleanUp, performPlan } from './perform-effects';
import { reportQuarantined } from './report-news';
import type { EndedDelivery } from './runtime';
import { setAside } from './set-aside';
import { findReplaced } from './verify-numbers';

/** What the server refused. */
export interface Refusals {
	/** Just now, for the first time or again. */
	readonly fresh: readonly IngestError[];
	/** Earlier; it has not been asked again since. */
	readonly standing: readonly IngestError[];
}

/**
 * Does the clean-up of every delivery that was acknowledged and not yet tidied up, and tells the runtime. The cursor is
 * left alone: outside a poll n8n would lose a change to it. What the server refuses stays as it is and is tried again
 * with growing pauses.
 */
export async function cleanUpAcknowledged(ingest: Ingest, mailbox: OpenMailbox): Promise<Refusals> {
	const { runtime, clock, settings } = ingest;
	const now = clock.now();
	const open = runtime.endedDeliveries(now, settings.executionLimitMs).filter(isToCleanUp);
	const wanted = open.filter((ended) => isCleanUpDue(ended, now));
	const replaced = await findReplaced(
		ingest,
		mailbox,
		wanted.map(({ delivery }) => delivery),
	);
	const due = wanted.filter(({ delivery }) => !replaced.has(delivery.uid));
	const others = wanted.filter((ended) => !due.includes(ended));
	runtime.cleanedUp(others.map(({ delivery }) => delivery));
	const mark = { kind: 'remember', keyword: settings.keyword } as const;
	const steps = planEffects(
		due.map(({ delivery: { uid, cleanUp } }, itemIndex) => {
			return { itemIndex, uid, effects: toCleanUpEffects(cleanUp, mark) };
		}),
	);
	const refused = new Map<IngestError, EndedDelivery[]>();
	await performPlan(steps, (effect, uids) => performCleanUp(mailbox, effect, uids, settings), {
		done: (index) => {
			runtime.cleanedUp(due.slice(index, index + 1).map(({ delivery }) => delivery));
		},
		// A folder that cannot be written must not hold back the other steps, nor new mail.
		failed: (index, error) => {
			refused.set(error, [...(refused.get(error) ?? []), ...due.slice(index, index + 1)]);
		},
	});
	for (const [error, concerned] of refused) noteRefusal(ingest, concerned, error);
	const standing = open
		.filter((ended) => !wanted.includes(ended))
		.flatMap(({ refused: earlier }) => earlier?.error ?? []);
	return { fresh: [...refused.keys()], standing };
}

function noteRefusal(
	{ runtime, clock }: Ingest,
	concerned: readonly EndedDelivery[],
	error: IngestError,
): void {
	const times = 1 + Math.max(0, ...concerned.map(({ refused }) => refused?.times ?? 0));
	const pause = pauseAfter(CLEAN_UP_RETRY, times, clock.random());
	const uids = concerned.map(({ delivery }) => delivery.uid);
	runtime.cleanUpRefused(uids, { error, times, notBefore: clock.now() + pause });
}

/** True when an acknowledged delivery waits for its clean-up. */
export function isToCleanUp({ outcome, cleanedUp }: EndedDelivery): boolean {
	return outcome === 'success' && !cleanedUp;
}

function isCleanUpDue({ refused }: EndedDelivery, now: number): boolean {
	return refused === undefined || restOfPause(refused.notBefore, now) === 0;
}

/** One numbering of one mailbox: UIDs mean nothing outside it. */
export function scopeOf(
	{ accountName }: Pick<IngestSettings, 'accountName'>,
	{ state }: Pick<Mailbox, 'state'>,
): string {
	return `${accountName}\n${state.path}\n${state.uidValidity}`;
}

/** A cursor after some of its deliveries were dealt with, and what the server refused on the way. */
export interface Settled {
	readonly cursor: Cursor;
	readonly refusals: readonly IngestError[];
}

/**
 * Applies the outcomes known so far: acknowledged deliveries are settled, failed ones postponed. A message that failed
 * alone often enough while others succeeded goes to quarantine.
 */
export async function settleOutcomes(
	ingest: Ingest,
	mailbox: OpenMailbox,
	cursor: Cursor,
): Promise<Settled> {
	const { runtime, clock, settings } = ingest;
	const { fresh, standing } = await cleanUpAcknowledged(ingest, mailbox);
	const over = runtime
		.endedDeliveries(clock.now(), settings.executionLimitMs)
		.filter((ended) => !isToCleanUp(ended));
	tellOfUntold(ingest, over);
	const done = over.filter(({ outcome }) => outcome === 'success');
	const settled = settle(cursor, uidsOf(done));
	const noted = notePending(settled, new Map(over.map((ended) => noteFate(ingest, ended))));
	const next = await strike(ingest, mailbox, dueWhileFailing(ingest, noted));
	runtime.forget(uidsOf(over));
	runtime.notePending(next.cursor);
	const { ranHere = cursor.ranHere } = runtime.flow;
	return {
		cursor: { ...next.cursor, ...(ranHere !== undefined && { ranHere }) },
		refusals: [...fresh, ...next.refusals, ...standing],
	};
}

/** A second delivery that no failed execution explains must have its reason in the log. */
function tellOfUntold({ log }: Ingest, over: readonly EndedDelivery[]): void {
	const uids = over
		.filter(({ outcome }) => outcome === 'unknown')
		.map(({ delivery }) => delivery.uid);
	if (uids.length === 0) return;
	log.warn(
		`${String(uids.length)} message(s) will be delivered again: n8n has not told how their execution ended, or it went to sleep in a Wait node`,
		{ uids },
	);
}

/** What the cursor has to know of a delivery that ended. */
function noteFate(
	{ runtime, clock, settings }: Ingest,
	{ delivery: { uid, attempt, crashes = 0 }, outcome }: EndedDelivery,
): readonly [number, Partial<PendingDelivery>] {
	// It is not an attempt begun.
	if (outcome === 'held') {
		return [uid, { attempt, notBefore: 0, crashes: Math.max(0, crashes - 1) }];
	}
	const { flow, currentScope } = runtime;
	// Where the receiver fails now and then anyway, a message is not left alone for long before it is suspected itself.
	const { maxAttempts } = settings.retry;
	const allowed = flow.record.attempts(maxAttempts) - maxAttempts;
	const times = Math.max(1, flow.timesAlone(currentScope, uid) - allowed);
	const pause = flow.isFailing ? 0 : pauseAfter(settings.retry, times, clock.random());
	return [uid, { attempt, notBefore: clock.now() + pause, crashes: 0 }];
}

/** What failed alone before it was clear that the workflow fails has no pause of its own to wait for. */
function dueWhileFailing({ runtime, clock }: Ingest, cursor: Cursor): Cursor {
	const { flow, currentScope } = runtime;
	if (!flow.isFailing) return cursor;
	const tried = cursor.pending.filter(
		({ uid, strikes = 0 }) => strikes === 0 && flow.timesAlone(currentScope, uid) > 0,
	);
	const waiting = tried.filter(({ uid }) => !runtime.knows(uid));
	const now = clock.now();
	return postpone(
		cursor,
		new Map(waiting.map(({ uid, notBefore }) => [uid, Math.min(notBefore, now)])),
	);
}

/** Counts failures that were a message's own, and quarantines what has had its attempts. */
async function strike(ingest: Ingest, mailbox: OpenMailbox, cursor: Cursor): Promise<Settled> {
	const { runtime, settings } = ingest;
	const struck = runtime.flow.takeStrikes(runtime.currentScope);
	const counted = cursor.pending.filter(({ uid }) => struck.has(uid));
	const strikes = counted.map(
		({ uid, strikes: before = 0 }) => [uid, { strikes: before + 1 }] as const,
	);
	const next = notePending(cursor, new Map(strikes));
	const enough = runtime.flow.record.attempts(settings.retry.maxAttempts);
	const last = next.pending.flatMap(({ uid, attempt, strikes: count = 0 }): FailedDelivery[] => {
		const lone = struck.get(uid);
		if (lone === undefined || count < enough || runtime.isUnderWay(uid)) return [];
		const { failure, delivery } = lone;
		return [{ uid, attempt, reason: failure?.message ?? EXECUTION_FAILED, delivery, failure }];
	});
	const replaced = await findReplaced(
		ingest,
		mailbox,
		last.flatMap(({ delivery }) => delivery ?? []),
	);
	const theirs = last.filter(({ uid }) => !replaced.has(uid));
	return await quarantine(ingest, mailbox, settle(next, replaced), theirs);
}

const EXECUTION_FAILED = 'the execution did not end in success';

function uidsOf(ended: readonly EndedDelivery[]): ReadonlySet<number> {
	return new Set(ended.map(({ delivery }) => delivery.uid));
}

/** Messages that could not be judged: each waits for its next attempt, or goes to quarantine when there is none left. */
export async function failDeliveries(
	ingest: Ingest,
	mailbox: OpenMailbox,
	cursor: Cursor,
	failed: readonly FailedDelivery[],
): Promise<Settled> {
	const { clock, settings } = ingest;
	const known = new Map(cursor.pending.map(({ uid, strikes = 0 }) => [uid, strikes]));
	const news = new Map<number, Partial<PendingDelivery>>();
	const last: FailedDelivery[] = [];
	for (const delivery of failed) {
		// One that was never asked for alone has not failed by itself.
		const strikes = (known.get(delivery.uid) ?? 0) + (delivery.isUnasked === true ? 0 : 1);
		const pause = pauseAfter(settings.retry, Math.max(strikes, 1), clock.random());
		// No execution was started with it, so that n8n did not end of it.
		news.set(delivery.uid, { strikes, notBefore: clock.now() + pause, crashes: 0 });
		if (delivery.final !== undefined || strikes >= settings.retry.maxAttempts) last.push(delivery);
	}
	return await quarantine(ingest, mailbox, notePending(cursor, news), last);
}

/**
 * Moves messages to the quarantine mailbox. Where that mailbox cannot be written, they wait for the longest pause and
 * are tried again: nothing else is held back.
 */
export async function quarantine(
	ingest: Ingest,
	mailbox: OpenMailbox,
	cursor: Cursor,
	last: readonly FailedDelivery[],
): Promise<Settled> {
	if (last.length === 0) return { cursor, refusals: [] };
	const { settings, clock } = ingest;
	const uids = last.map(({ uid }) => uid);
	try {
		reportQuarantined(ingest, await setAside(ingest, mailbox, last));
		return { cursor: settle(cursor, new Set(uids)), refusals: [] };
	} catch (error) {
		if (!(error instanceof IngestError) || error.kind === 'unavailable') throw error;
		const later = clock.now() + settings.retry.maxDelayMs;
		return {
			cursor: postpone(cursor, new Map(uids.map((uid) => [uid, later]))),
			refusals: [error],
		};
	}
}
