import { planCleanUp } from '../core/clean-up-plan';
import type { CleanUpStep } from '../core/clean-up-plan';
import { postpone, settle } from '../core/cursor';
import type { Cursor } from '../core/cursor';
import type { Delivery } from '../core/delivery';
import { IngestError } from '../core/errors';
import { DELIVERY_RETRY, nextDelay } from '../core/retry';
import type { OpenMailbox } from '../mail/ports';
import type { Ingest } from './ingest';
import type { EndedDelivery } from './runtime';

/**
 * Does the clean-up of every delivery that was acknowledged and not yet tidied up, and tells the runtime. The cursor is
 * left alone: outside a poll n8n would lose a change to it.
 *
 * @returns what the server refused; those messages stay as they are and are tried again
 */
export async function cleanUpAcknowledged(
	ingest: Ingest,
	mailbox: OpenMailbox,
): Promise<readonly IngestError[]> {
	const { runtime, clock } = ingest;
	const open = runtime.endedDeliveries(clock.now()).filter(isToCleanUp);
	const refusals: IngestError[] = [];
	const refused = new Set<number>();
	for (const step of planCleanUp(open.map(({ delivery }) => delivery))) {
		try {
			await perform(mailbox, step);
		} catch (error) {
			// A folder that cannot be written must not hold back the other steps, nor new mail.
			if (!(error instanceof IngestError) || error.kind === 'unavailable') throw error;
			refusals.push(error);
			for (const uid of step.uids) refused.add(uid);
		}
	}
	runtime.cleanedUp(open.map(({ delivery }) => delivery).filter(({ uid }) => !refused.has(uid)));
	return refusals;
}

/** True when an acknowledged delivery waits for its clean-up. */
export function isToCleanUp({ outcome, cleanedUp }: EndedDelivery): boolean {
	return outcome === 'success' && !cleanedUp;
}

async function perform(mailbox: OpenMailbox, step: CleanUpStep): Promise<void> {
	switch (step.kind) {
		case 'flag':
			return await mailbox.addFlag(step.uids, step.flag);
		case 'move':
			return await mailbox.move(step.uids, step.folder);
		case 'delete':
			return await mailbox.delete(step.uids);
	}
}

/** Applies the outcomes known so far: acknowledged deliveries are settled, failed ones postponed or quarantined. */
export async function settleOutcomes(
	ingest: Ingest,
	mailbox: OpenMailbox,
	cursor: Cursor,
): Promise<{ readonly cursor: Cursor; readonly refusals: readonly IngestError[] }> {
	const refusals = await cleanUpAcknowledged(ingest, mailbox);
	const over = ingest.runtime
		.endedDeliveries(ingest.clock.now())
		.filter((ended) => !isToCleanUp(ended));
	const failed = over.filter(({ outcome }) => outcome !== 'success');
	const done = over.filter(({ outcome }) => outcome === 'success');
	const next = await failDeliveries(
		ingest,
		mailbox,
		settle(cursor, uidsOf(done)),
		failed.map(({ delivery }) => delivery),
	);
	ingest.runtime.forget(uidsOf(over));
	return { cursor: next, refusals };
}

function uidsOf(ended: readonly EndedDelivery[]): ReadonlySet<number> {
	return new Set(ended.map(({ delivery }) => delivery.uid));
}

/** Deliveries that failed: each waits for its next attempt, or goes to the quarantine mailbox when there is none left. */
export async function failDeliveries(
	ingest: Ingest,
	mailbox: OpenMailbox,
	cursor: Cursor,
	failed: ReadonlyArray<Pick<Delivery, 'uid' | 'attempt'>>,
): Promise<Cursor> {
	const { clock, settings, log } = ingest;
	const retryAt = new Map<number, number>();
	const lost: number[] = [];
	for (const { uid, attempt } of failed) {
		const delay = nextDelay(DELIVERY_RETRY, attempt, clock.random());
		if (delay === undefined) lost.push(uid);
		else retryAt.set(uid, clock.now() + delay);
	}
	if (lost.length > 0) {
		await mailbox.move(lost, settings.quarantine);
		log.error(
			`Moved ${String(lost.length)} message(s) to "${settings.quarantine}" after the last attempt failed`,
			{
				mailbox: settings.mailbox,
				uids: lost,
				attempts: DELIVERY_RETRY.maxAttempts,
			},
		);
	}
	return settle(postpone(cursor, retryAt), new Set(lost));
}
