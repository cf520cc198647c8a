import type { Delivery } from '../core/delivery/delivery';
import type { MessageSummary } from '../core/message/message';
import { isOtherMessage } from '../core/message/message-reference';
import { IngestError } from '../core/errors';
import type { OpenMailbox, ScannedMessage } from '../mail/ports';
import type { Ingest } from './ingest';
import { isGone } from './perform-effects';

/**
 * Finds the deliveries whose UID is now that of another message, since the mailbox was restored from a backup and has
 * grown again: nothing may be done to those. Where their messages were read in the same opening of the mailbox the
 * server is not asked. What is found has the audit look at the mailbox anew.
 *
 * @returns their UIDs
 */
export async function findReplaced(
	{ runtime, settings, log }: Ingest,
	mailbox: OpenMailbox,
	deliveries: readonly Delivery[],
): Promise<ReadonlySet<number>> {
	const expected = new Map<number, MessageSummary>();
	for (const { uid, items } of deliveries) {
		const message = items[0]?.message;
		if (message !== undefined && !runtime.audit.isReadIn(mailbox, uid)) expected.set(uid, message);
	}
	if (expected.size === 0) return new Set();
	const replaced = (await readHeads(mailbox, [...expected.keys()])).flatMap(
		({ summary, failure }) => {
			const known = expected.get(summary.uid);
			const isOther = failure === undefined && known !== undefined && isAnother(known, summary);
			return isOther ? [summary.uid] : [];
		},
	);
	if (replaced.length > 0) {
		runtime.audit.noteReplaced();
		log.warn(
			`${String(replaced.length)} message(s) in "${settings.mailbox}" bear the numbers of others that were delivered; they are left alone`,
			{ uids: replaced },
		);
	}
	return new Set(replaced);
}

/** What the server refuses here, such as any command in a mailbox that was made anew, it refuses the effects, too. */
async function readHeads(
	mailbox: OpenMailbox,
	uids: readonly number[],
): Promise<readonly ScannedMessage[]> {
	try {
		return await mailbox.heads(uids, { headers: [], structure: false });
	} catch (error) {
		if (!(error instanceof IngestError) || isGone(error)) throw error;
		return [];
	}
}

/** Whether two messages with the same UID are different ones; servers do not always give the same size or time again. */
function isAnother(one: MessageSummary, other: MessageSummary): boolean {
	if (one.messageId !== null && other.messageId !== null) return isOtherMessage(one, other);
	if (one.receivedAt === other.receivedAt) return false;
	return one.size !== other.size || one.subject !== other.subject || one.date !== other.date;
}
