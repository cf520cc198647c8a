import { auditCursor, gapsAfterAudit } from '../core/delivery/audit';
import { lookAgain } from '../core/delivery/cursor';
import type { Cursor } from '../core/delivery/cursor';
import { IngestError } from '../core/errors';
import type { Ingest, Mailbox } from './ingest';

/** A message that came while a poll ran has not been missed. */
const JUST_ARRIVED_MS = 60_000;

/** What an audit has found: mail to look at, and the cursor to go on with. */
export interface Audit {
	readonly cursor: Cursor;
	/** UIDs, ascending, that nobody has looked at. */
	readonly unseen: readonly number[];
}

/**
 * The net under everything a server may say wrongly of its mail: where it is due, asks with one FETCH what there is, and
 * compares it with what was looked at. Nothing is found on a server that told the truth.
 *
 * @returns undefined when it was not due, or when the server refused it
 * @throws IngestError when the connection is gone
 */
export async function audit(
	ingest: Ingest,
	mailbox: Mailbox,
	cursor: Cursor,
): Promise<Audit | undefined> {
	const { runtime, settings, clock } = ingest;
	const now = clock.now();
	if (runtime.audit.takeReplaced())
		return { cursor: startAnew(ingest, mailbox, cursor), unseen: [] };
	if (!runtime.audit.isDue(now, settings.auditEveryMs, cursor.gaps.length > 0)) return undefined;
	const { recent } = runtime.audit;
	const ranges = [...cursor.gaps, ...[...recent.keys()].map((uid) => ({ from: uid, to: uid }))];
	let received: ReadonlyMap<number, number>;
	try {
		received = await mailbox.timesOfReceipt(ranges, cursor.position);
	} catch (error) {
		if (!(error instanceof IngestError) || error.kind !== 'mailbox') throw error;
		ingest.log.warn(`The audit of "${settings.mailbox}" was refused: ${error.message}`);
		return undefined;
	}
	const { unseen, isReplaced } = auditCursor(cursor, received, recent);
	if (isReplaced) return { cursor: startAnew(ingest, mailbox, cursor), unseen: [] };
	reportMissed(
		ingest,
		unseen.filter((uid) => isOld(cursor, uid, received, now)),
	);
	const askedUpTo = runtime.audit.takeAskedUpTo(cursor.position);
	return {
		cursor: { ...cursor, gaps: gapsAfterAudit(cursor, received, unseen, askedUpTo) },
		unseen,
	};
}

/** A message above the position may have come just now. */
function isOld(
	{ position }: Cursor,
	uid: number,
	received: ReadonlyMap<number, number>,
	now: number,
): boolean {
	return uid <= position || (received.get(uid) ?? 0) < now - JUST_ARRIVED_MS;
}

function reportMissed({ settings, log, workflow }: Ingest, uids: readonly number[]): void {
	if (uids.length === 0) return;
	const count = uids.length;
	log.warn(
		`The mail server had not told of ${String(count)} message(s) in "${settings.mailbox}"; they are looked at now`,
		{ uids },
	);
	workflow.report({ event: 'missed', mailbox: settings.mailbox, count });
}

/** The cursor of a mailbox that was restored, when UIDNEXT has passed the old position already. */
function startAnew(ingest: Ingest, { state }: Mailbox, cursor: Cursor): Cursor {
	tellOfRestore(ingest, cursor);
	ingest.runtime.forgetNumbers();
	return lookAgain(cursor, state, ingest.clock.now());
}

/** Tells that a mailbox was put back to an earlier state. */
export function tellOfRestore({ settings, log, workflow }: Ingest, { position }: Cursor): void {
	log.warn(
		`Mailbox "${settings.mailbox}" was put back to an earlier state by the server, as from a backup; its recent mail is looked at again`,
		{ position },
	);
	workflow.report({ event: 'restored', mailbox: settings.mailbox });
}
