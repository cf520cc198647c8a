import { IngestError } from '../../core/errors';
import type { Session } from '../connections/client';
import { findExisting } from './find-uids';
import { toUidSets } from './uid-set';

/** What a mailbox keeps of its messages' flags, or undefined when the server did not say. */
type PermanentFlags = ReadonlySet<string> | undefined;

/** @throws IngestError when single messages cannot be deleted here, before anything is sent */
export function assertRemovable(
	{ client }: Session,
	mailbox: string,
	permanentFlags: PermanentFlags,
): void {
	if (!client.capabilities.has('UIDPLUS')) {
		throw new IngestError(
			'refused-by-server',
			'The mail server cannot delete single messages: it has no UIDPLUS (RFC 4315)',
			{ remedy: 'Choose "Move to Folder" if the server has MOVE, or "Mark as Read".' },
		);
	}
	if (permanentFlags?.has('\\Deleted') === false) {
		throw new IngestError(
			'mailbox-read-only',
			`This account may not delete messages in the mailbox "${mailbox}"`,
			{ remedy: 'Give the account the right to delete there, or choose another clean-up.' },
		);
	}
}

/**
 * Deletes exactly these messages of the selected mailbox: \Deleted, then UID EXPUNGE (RFC 4315), which leaves others
 * marked \Deleted alone. An OK is not enough: a server may answer so and leave what the account may not expunge.
 *
 * @throws IngestError also when some of them are still there
 */
export async function removeMessages(
	session: Session,
	mailbox: string,
	uids: readonly number[],
): Promise<void> {
	const { mailbox: opened } = session.client;
	assertRemovable(session, mailbox, opened === false ? undefined : opened.permanentFlags);
	for (const set of toUidSets(uids)) {
		await session.run((client) => client.messageDelete(set, { uid: true }), mailbox);
	}
	const left = await findExisting(session, mailbox, uids);
	if (left.length === 0) return;
	throw new IngestError(
		'refused-by-server',
		`The mail server left ${String(left.length)} messages in "${mailbox}" instead of deleting them`,
		{ remedy: 'Give the account the right to remove messages there ("e" of IMAP ACL).' },
	);
}
