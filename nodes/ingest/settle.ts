import { planEffects, toCleanUpEffects } from '../core/delivery/effect-plan';
import { postpone, settle } from '../core/delivery/cursor';
import type { Cursor } from '../core/delivery/cursor';
import { IngestError } from '../core/errors';
import { restOfPause } from '../core/pause';
import { CLEAN_UP_RETRY, DELIVERY_RETRY, nextDelay } from '../core/delivery/retry';
import type { OpenMailbox } from '../mail/ports';
import type { Ingest, IngestSettings, Mailbox } from './ingest';
import { performCleanUp, performPlan } from './perform-effects';
import type { EndedDelivery } from './runtime';
import { setAside } from './set-aside';

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
	const open = runtime.endedDeliveries(now).filter(isToCleanUp);
	const due = open.filter((ended) => isCleanUpDue(ended, now));
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
		.filter((ended) => !due.includes(ended))
		.flatMap(({ refused: earlier }) => earlier?.error ?? []);
	return { fresh: [...refused.keys()], standing };
}

function noteRefusal(
	{ runtime, clock }: Ingest,
	concerned: readonly EndedDelivery[],
	error: IngestError,
): void {
	const times = 1 + Math.max(0, ...concerned.map(({ refused }) => refused?.times ?? 0));
	const pause = nextDelay(CLEAN_UP_RETRY, times, clock.random()) ?? CLEAN_UP_RETRY.maxDelayMs;
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

/** Applies the outcomes known so far: acknowledged deliveries are settled, failed ones postponed or quarantined. */
export async function settleOutcomes(
	ingest: Ingest,
	mailbox: OpenMailbox,
	cursor: Cursor,
): Promise<Settled> {
	const { fresh, standing } = await cleanUpAcknowledged(ingest, mailbox);
	const over = ingest.runtime
		.endedDeliveries(ingest.clock.now())
		.filter((ended) => !isToCleanUp(ended));
	const failed = over.filter(({ outcome }) => outcome !== 'success');
	const done = over.filter(({ outcome }) => outcome === 'success');
	const next = await failDeliveries(
		ingest,
		mailbox,
		settle(cursor, uidsOf(done)),
		failed.map(({ delivery: { uid, attempt } }) => ({ uid, attempt, reason: EXECUTION_FAILED })),
	);
	ingest.runtime.forget(uidsOf(over));
	return { cursor: next.cursor, refusals: [...fresh, ...next.refusals, ...standing] };
}

const EXECUTION_FAILED = 'the execution did not end in success';

function uidsOf(ended: readonly EndedDelivery[]): ReadonlySet<number> {
	return new Set(ended.map(({ delivery }) => delivery.uid));
}

/** A delivery that failed, and why in a few words. */
export interface FailedDelivery {
	readonly uid: number;
	readonly attempt: number;
	readonly reason: string;
	/** True when another attempt cannot end otherwise. */
	readonly isFinal?: boolean;
}

/**
 * Deliveries that failed: each waits for its next attempt, or goes to the quarantine mailbox when there is none left.
 * Where that mailbox cannot be written, they wait for the longest pause and are tried again: nothing else is held back.
 */
export async function failDeliveries(
	ingest: Ingest,
	mailbox: OpenMailbox,
	cursor: Cursor,
	failed: readonly FailedDelivery[],
): Promise<Settled> {
	const { clock } = ingest;
	const retryAt = new Map<number, number>();
	const last: FailedDelivery[] = [];
	for (const delivery of failed) {
		const delay = nextDelay(DELIVERY_RETRY, delivery.attempt, clock.random());
		if (delay === undefined || delivery.isFinal === true) last.push(delivery);
		else retryAt.set(delivery.uid, clock.now() + delay);
	}
	const uids = last.map(({ uid }) => uid);
	try {
		await quarantine(ingest, mailbox, last);
		return { cursor: settle(postpone(cursor, retryAt), new Set(uids)), refusals: [] };
	} catch (error) {
		if (!(error instanceof IngestError) || error.kind === 'unavailable') throw error;
		for (const uid of uids) retryAt.set(uid, clock.now() + DELIVERY_RETRY.maxDelayMs);
		return { cursor: postpone(cursor, retryAt), refusals: [error] };
	}
}

async function quarantine(
	ingest: Ingest,
	mailbox: OpenMailbox,
	failed: readonly FailedDelivery[],
): Promise<void> {
	const moved = await setAside(ingest, mailbox, failed);
	const [first] = moved;
	if (first === undefined) return;
	const { settings, log, workflow } = ingest;
	const uids = moved.map(({ uid }) => uid);
	const { reason, attempt } = first;
	log.error(
		`Moved ${String(uids.length)} message(s) from "${settings.mailbox}" to "${settings.quarantine}" after the last attempt: ${reason}`,
		{ uids, attempts: attempt },
	);
	workflow.report({
		event: 'quarantined',
		folder: settings.quarantine,
		uids,
		attempts: attempt,
		reason,
	});
}
