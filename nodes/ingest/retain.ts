import { addMark, dayOf, expiredBelow, retentionTargets } from '../core/delivery/retention';
import type { RetentionTarget } from '../core/delivery/retention';
import { isSameMailbox } from '../core/message/mailbox-name';
import { IngestError } from '../core/errors';
import type { RetentionMailbox } from '../mail/ports';
import type { Ingest, Mailbox, Memory } from './ingest';

const DAY_MS = 86_400_000;
/** A server compares save dates by the day in its own time zone, up to 12 hours behind UTC: never delete too early. */
const ZONE_MARGIN_MS = 43_200_000;

/**
 * Retention: deletes the messages of clean-up folders that were put there more than the given days ago. A folder that
 * fails is logged and does not hold back the others, nor delivery.
 */
export async function applyRetention(ingest: Ingest, mailbox: Mailbox): Promise<void> {
	const targets = retentionTargets(ingest.settings.rules.map(({ rule }) => rule));
	for (const target of targets) {
		try {
			await retainFolder(ingest, mailbox, target);
		} catch (error) {
			if (!(error instanceof IngestError)) throw error;
			if (error.kind === 'unavailable') throw error;
			ingest.log.error(`Retention of "${target.folder}" failed: ${error.message}`, {
				remedy: error.remedy,
			});
		}
	}
}

async function retainFolder(
	{ settings, memory, clock, log, workflow }: Ingest,
	mailbox: Mailbox,
	target: RetentionTarget,
): Promise<void> {
	const { folder, days } = target;
	const watched = settings.mailbox;
	const { deleted } = await deleteExpired({ mailbox, memory, watched, now: clock.now() }, target);
	if (deleted === 0) return;
	log.info(`Retention deleted ${String(deleted)} message(s) from "${folder}"`, { days });
	workflow.report({ event: 'retention', folder, deleted });
}

/** Where retention works and what it remembers. */
export interface RetentionContext {
	readonly mailbox: RetentionMailbox;
	readonly memory: Pick<Memory, 'loadRetention' | 'saveRetention'>;
	/** The mailbox that is watched, which is never emptied. */
	readonly watched: string;
	/** Epoch milliseconds. */
	readonly now: number;
}

/** How many messages were deleted, and how their age was told. */
export interface Expired {
	readonly deleted: number;
	readonly basis: 'saveDate' | 'marks';
}

/**
 * Deletes the messages of one folder that were put there more than the given days ago: by the server's save date (RFC
 * 8514), or by what is remembered of how far the folder was filled.
 *
 * @throws IngestError `configuration` for the watched mailbox and those with a special use
 */
export async function deleteExpired(
	context: RetentionContext,
	target: RetentionTarget,
): Promise<Expired> {
	const { mailbox, watched, now } = context;
	const { folder, days } = target;
	if (isSameMailbox(folder, watched) || (await mailbox.isSpecial(folder))) {
		throw new IngestError(
			'configuration',
			`"${folder}" is a mailbox that retention never empties.`,
			{
				field: 'Delete After Days',
				remedy: 'Move processed messages to a folder of their own.',
			},
		);
	}
	const before = new Date(now - days * DAY_MS - ZONE_MARGIN_MS);
	const deleted = await mailbox.deleteSavedBefore(folder, before);
	if (deleted !== undefined) return { deleted, basis: 'saveDate' };
	return { deleted: await deleteByMarks(context, target), basis: 'marks' };
}

async function deleteByMarks(
	{ mailbox, memory, now }: RetentionContext,
	{ folder, days }: RetentionTarget,
): Promise<number> {
	const status = await mailbox.status(folder);
	if (status === undefined) return 0;
	const today = dayOf(now);
	const known = memory.loadRetention();
	const marks = addMark(known.get(folder), status, today, days);
	memory.saveRetention(new Map([...known, [folder, marks]]));
	const below = expiredBelow(marks, today, days);
	return below === undefined ? 0 : await mailbox.deleteBelow(folder, marks.uidValidity, below);
}
