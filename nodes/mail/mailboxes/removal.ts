import { IngestError } from '../../core/errors';
import type { Session } from '../connections/client';
import type { CannotMove } from '../ports';
import { searchExisting } from './find-uids';
import { addFlag, FlagSet, removeFlag } from './flag-set';
import { isRefusal, orElse, orRefusal } from './refusal';
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
	if (permanentFlags !== undefined && !new FlagSet(permanentFlags).has('\\Deleted')) {
		throw new IngestError(
			'mailbox-read-only',
			`This account may not delete messages in the mailbox "${mailbox}"`,
			{ remedy: 'Give the account the right to delete there, or choose another clean-up.' },
		);
	}
}

function assertRemovableHere(session: Session, mailbox: string): void {
	const { mailbox: opened } = session.client;
	assertRemovable(session, mailbox, opened === false ? undefined : opened.permanentFlags);
}

/**
 * Deletes exactly these messages of the selected mailbox: \Deleted, then UID EXPUNGE (RFC 4315), which leaves others
 * marked \Deleted alone. An OK is not enough: a server may answer so and leave what the account may not expunge. Some
 * releases of Proton Bridge announce UIDPLUS and refuse UID EXPUNGE: then EXPUNGE does it where that is wanted.
 *
 * @throws IngestError also when some of them are still there
 */
export async function removeMessages(
	session: Session,
	mailbox: string,
	uids: readonly number[],
	cannotMove: CannotMove = 'leave',
): Promise<void> {
	assertRemovableHere(session, mailbox);
	try {
		for (const set of toUidSets(uids)) {
			await session.run((client) => client.messageDelete(set, { uid: true }), mailbox);
		}
	} catch (error) {
		if (!isPlainRefusal(error) || cannotMove !== 'expunge') throw error;
		await expungeAlone(session, mailbox, uids);
		return;
	}
	// A server that refuses to say what is left has carried the deletion out all the same.
	const left = await orElse(searchExisting(session, mailbox, uids), []);
	if (left.length === 0) return;
	throw new IngestError(
		'refused-by-server',
		`The mail server left ${String(left.length)} messages in "${mailbox}" instead of deleting them`,
		{ remedy: 'Give the account the right to remove messages there ("e" of IMAP ACL).' },
	);
}

/**
 * The same for messages that nobody has copied: those that the server does not delete are as they were before.
 *
 * @throws IngestError
 */
export async function deleteMessages(
	session: Session,
	mailbox: string,
	uids: readonly number[],
	cannotMove?: CannotMove,
): Promise<void> {
	assertRemovableHere(session, mailbox);
	try {
		await removeMessages(session, mailbox, uids, cannotMove);
	} catch (error) {
		if (!isRefusal(error)) throw error;
		// One left with \Deleted would be gone in the eyes of triggers and mail programs; what was refused first is told.
		await orRefusal(removeFlag(session, mailbox, uids, '\\Deleted'));
		throw isPlainRefusal(error) ? cannotDelete(error) : error;
	}
}

function isPlainRefusal(error: unknown): boolean {
	return isRefusal(error) && error.code === 'refused-by-server';
}

function cannotDelete({ code, message, remedy = '' }: IngestError): IngestError {
	const more =
		'If it refuses UID EXPUNGE for good, choose another clean-up, or see the option "When the Server Cannot Move".';
	return new IngestError(code, message, { remedy: `${remedy} ${more}`.trim() });
}

/**
 * Deletes exactly these messages of the selected mailbox without UID EXPUNGE: EXPUNGE takes all that is marked
 * \Deleted, so they have to be the only ones that are. Otherwise their marks are taken back.
 *
 * @throws IngestError
 */
export async function expungeAlone(
	session: Session,
	mailbox: string,
	uids: readonly number[],
): Promise<void> {
	await addFlag(session, mailbox, uids, '\\Deleted');
	const marked = await session.run(
		(client) => client.search({ deleted: true }, { uid: true }),
		mailbox,
	);
	const asked = new Set(uids);
	if (marked.some((uid) => !asked.has(uid))) {
		await orRefusal(removeFlag(session, mailbox, uids, '\\Deleted'));
		throw new IngestError(
			'refused-by-server',
			`Other messages in "${mailbox}" are marked as deleted: the server would remove them, too`,
			{
				remedy:
					'Have a mail program remove ("compact", "expunge") what is deleted there; this is tried again.',
			},
		);
	}
	// By sequence numbers the driver sends a mere EXPUNGE also where UIDPLUS is announced.
	const numbers = await session.run((client) => client.search({ deleted: true }), mailbox);
	const [set] = toUidSets(numbers);
	if (set !== undefined) await session.run((client) => client.messageDelete(set), mailbox);
}
