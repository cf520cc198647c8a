import { addMark, dayOf, expiredBelow, retentionTargets } from '../core/retention';
import type { RetentionTarget } from '../core/retention';
import { isSameMailbox } from '../core/mailbox-name';
import { IngestError } from '../core/errors';
import type { Ingest, Mailbox } from './ingest';

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
	ingest: Ingest,
	mailbox: Mailbox,
	target: RetentionTarget,
): Promise<void> {
	const { folder, days } = target;
	if (isSameMailbox(folder, ingest.settings.mailbox) || (await mailbox.isSpecial(folder))) {
		throw new IngestError(
			'configuration',
			`"${folder}" is a mailbox that retention never empties.`,
			{
				field: 'CleanUp.DeleteAfterDays',
				remedy: 'Move messages to a folder of their own, or leave DeleteAfterDays out.',
			},
		);
	}
	const now = ingest.clock.now();
	const deleted =
		(await mailbox.deleteSavedBefore(folder, new Date(now - days * DAY_MS - ZONE_MARGIN_MS))) ??
		(await deleteByMarks(ingest, mailbox, target, dayOf(now)));
	if (deleted === 0) return;
	ingest.log.info(`Retention deleted ${String(deleted)} message(s) from "${folder}"`, { days });
	ingest.workflow.report({ event: 'retention', folder, deleted });
}

async function deleteByMarks(
	ingest: Ingest,
	mailbox: Mailbox,
	{ folder, days }: RetentionTarget,
	today: number,
): Promise<number> {
	const status = await mailbox.status(folder);
	if (status === undefined) return 0;
	const known = ingest.memory.loadRetention();
	const marks = addMark(known.get(folder), status, today, days);
	ingest.memory.saveRetention(new Map([...known, [folder, marks]]));
	const below = expiredBelow(marks, today, days);
	return below === undefined ? 0 : await mailbox.deleteBelow(folder, marks.uidValidity, below);
}
