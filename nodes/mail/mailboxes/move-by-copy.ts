import type { CopyResponseObject } from 'imapflow';
import { findExisting, searchExisting } from './find-uids';
import { removeFlag } from './flag-set';
import { isRefusal, orElse, orRefusal } from './refusal';
import { assertRemovable, removeMessages } from './removal';
import type { CannotMove } from '../ports';
import { openUnlisted } from './selected-mailbox';
import type { MailboxAccess } from './selected-mailbox';
import { uidsInSet } from './uid-set';

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
	const { copied, confirmed } = await copyCounted(access, { set, folder, asked });
	try {
		await removeMessages(session, path, confirmed, cannotMove);
	} catch (error) {
		// Where the copies cannot be deleted they stay; what was refused first is what is told.
		if (isRefusal(error)) await orRefusal(takeBack(access, copied, confirmed));
		throw error;
	}
	return confirmed;
}

interface CountedCopy {
	readonly copied: CopyResponseObject;
	/** UIDs of the originals that are certain to have been copied. */
	readonly confirmed: readonly number[];
}

/**
 * Copies a set of UIDs and tells which are certain to lie in the folder: those that COPYUID names, or, where the server
 * does not give that (RFC 4315, 3), all of them once the folder has grown by so many.
 */
export async function copyCounted(
	{ session, selected }: MailboxAccess,
	{ set, folder, asked }: Pick<SetMove, 'set' | 'folder' | 'asked'>,
): Promise<CountedCopy> {
	const before = await countMessages(session, folder);
	const copied = await session.run(
		(client) => client.messageCopy(set, folder, { uid: true }),
		folder,
	);
	const named = [...(copied.uidMap?.keys() ?? [])].filter((uid) => asked.has(uid));
	if (named.length > 0 || before === undefined) return { copied, confirmed: named };
	const grown = ((await countMessages(session, folder)) ?? 0) - before;
	const there = await findExisting(session, selected.state.path, uidsInSet(set, asked));
	return { copied, confirmed: grown >= there.length ? there : [] };
}

/** How many messages a folder has; undefined where it is not there, or the server does not say. */
async function countMessages(
	session: MailboxAccess['session'],
	folder: string,
): Promise<number | undefined> {
	const query = { messages: true };
	const answer = session.run((client) => client.status(folder, query), folder);
	return (await orElse(answer, undefined))?.messages;
}

/** Deletes the copies of messages that are certain to stay: no longer marked \Deleted, and seen to be there after that. */
async function takeBack(
	{ session, selected }: MailboxAccess,
	{ destination, uidMap, uidValidity }: CopyResponseObject,
	confirmed: readonly number[],
): Promise<void> {
	const { path } = selected.state;
	const marked = await searchExisting(session, path, confirmed);
	await removeFlag(session, path, marked, '\\Deleted');
	const kept = await searchExisting(session, path, confirmed);
	const copies = kept.flatMap((uid) => uidMap?.get(uid) ?? []);
	if (copies.length === 0) return;
	const opened = await session.run((client) => openUnlisted(client, destination), destination);
	if (opened.uidValidity !== uidValidity) return;
	await removeMessages(session, destination, copies, 'expunge');
}
