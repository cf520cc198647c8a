import type { CopyResponseObject } from 'imapflow';
import { IngestError } from '../../core/errors';
import { findExisting } from './find-uids';
import { assertRemovable, removeMessages } from './removal';
import type { CannotMove } from '../ports';
import { openUnlisted } from './selected-mailbox';
import type { MailboxAccess } from './selected-mailbox';
import { toUidSets } from './uid-set';

/** A set of UIDs, where it is to go, and what to do where the server does not delete the originals one by one. */
export interface SetMove {
	readonly set: string;
	readonly folder: string;
	readonly asked: ReadonlySet<number>;
	readonly cannotMove: CannotMove;
}

/**
 * Moves a set of UIDs where the server has no MOVE (RFC 6851): only what was asked for and the server confirms as copied
 * (COPYUID, RFC 4315) is deleted here. When it may not be deleted the copies are taken back, since every retry would
 * leave one more.
 *
 * @returns the UIDs that were moved
 */
export async function moveByCopy(
	access: MailboxAccess,
	{ set, folder, asked, cannotMove }: SetMove,
): Promise<readonly number[]> {
	const { session, selected } = access;
	const { path } = selected.state;
	assertRemovable(session, path, selected.permanentFlags);
	const copied = await session.run(
		(client) => client.messageCopy(set, folder, { uid: true }),
		folder,
	);
	const confirmed = [...(copied.uidMap?.keys() ?? [])].filter((uid) => asked.has(uid));
	try {
		await removeMessages(session, path, confirmed, cannotMove);
	} catch (error) {
		if (error instanceof IngestError && error.kind === 'mailbox') {
			await takeBack(access, copied, confirmed);
		}
		throw error;
	}
	return confirmed;
}

/** Deletes the copies of messages that are certain to stay: no longer marked \Deleted, and seen to be there after that. */
async function takeBack(
	{ session, selected }: MailboxAccess,
	{ destination, uidMap, uidValidity }: CopyResponseObject,
	confirmed: readonly number[],
): Promise<void> {
	const { path } = selected.state;
	try {
		for (const set of toUidSets(await findExisting(session, path, confirmed))) {
			await session.run(
				(client) => client.messageFlagsRemove(set, ['\\Deleted'], { uid: true }),
				path,
			);
		}
		const kept = await findExisting(session, path, confirmed);
		const copies = kept.flatMap((uid) => uidMap?.get(uid) ?? []);
		if (copies.length === 0) return;
		const opened = await session.run((client) => openUnlisted(client, destination), destination);
		if (opened.uidValidity !== uidValidity) return;
		await removeMessages(session, destination, copies, 'expunge');
	} catch (error) {
		// Then the copies stay; the caller tells of the refusal that began it.
		if (!(error instanceof IngestError) || error.kind !== 'mailbox') throw error;
	}
}
