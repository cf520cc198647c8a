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
	const left = await findLeft(session, mailbox, uids);
	if (left.length === 0) return;
	throw new IngestError(
		'refused-by-server',
		`The mail server left ${String(left.length)} messages in "${mailbox}" instead of deleting them`,
		{ remedy: 'Give the account the right to remove messages there ("e" of IMAP ACL).' },
	);
}

/** Which of the deleted messages are still there; a server that refuses to say so has carried the deletion out all the same. */
async function findLeft(
	session: Session,
	mailbox: string,
	uids: readonly number[],
): Promise<readonly number[]> {
	try {
		return await findExisting(session, mailbox, uids);
	} catch (error) {
		if (error instanceof IngestError && error.kind === 'mailbox') return [];
		throw error;
	}
}

/**
 * Deletes exactly these messages of the selected mailbox where there is no UIDPLUS: EXPUNGE takes all that is marked
 * \Deleted, so they have to be the only ones that are. Otherwise their marks are taken back.
 *
 * @throws IngestError
 */
export async function expungeAlone(
	session: Session,
	mailbox: string,
	uids: readonly number[],
): Promise<void> {
	const sets = toUidSets(uids);
	for (const set of sets) {
		await session.run(
			(client) => client.messageFlagsAdd(set, ['\\Deleted'], { uid: true }),
			mailbox,
		);
	}
	const marked = await session.run(
		(client) => client.search({ deleted: true }, { uid: true }),
		mailbox,
	);
	const asked = new Set(uids);
	if (marked.some((uid) => !asked.has(uid))) {
		for (const set of sets) {
			await session.run(
				(client) => client.messageFlagsRemove(set, ['\\Deleted'], { uid: true }),
				mailbox,
			);
		}
		throw new IngestError(
			'refused-by-server',
			`Other messages in "${mailbox}" are marked as deleted: the server would remove them, too`,
			{
				remedy:
					'Have a mail program remove ("compact", "expunge") what is deleted there; this is tried again.',
			},
		);
	}
	const [set] = toUidSets(marked);
	if (set !== undefined) {
		await session.run((client) => client.messageDelete(set, { uid: true }), mailbox);
	}
}
