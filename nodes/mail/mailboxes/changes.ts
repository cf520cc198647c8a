import type { ImapFlow } from 'imapflow';
import { IngestError } from '../../core/errors';
import { addFlag as storeFlag } from './flag-set';
import { createFolder, readStatus, toOtherPath } from './folders';
import { copyCounted, moveByCopy } from './move-by-copy';
import type { SetMove } from './move-by-copy';
import type { CannotMove, OpenMailbox } from '../ports';
import { isRefusal } from './refusal';
import { deleteMessages, expungeAlone } from './removal';
import type { MailboxAccess } from './selected-mailbox';
import { toUidSets } from './uid-set';

type MailboxChanges = Pick<OpenMailbox, 'addFlag' | 'addKeyword' | 'canMove' | 'move' | 'delete'>;
type FindExisting = (uids: readonly number[]) => Promise<readonly number[]>;

/** The changes an open mailbox can make to its messages; every one names its UIDs. */
export function createMailboxChanges(
	access: MailboxAccess,
	existing: FindExisting,
): MailboxChanges {
	return {
		addFlag: (uids, flag) => addFlag(access, uids, flag),
		addKeyword: (uids, keyword) => addKeyword(access, uids, keyword),
		canMove: canMove(access),
		move: (uids, folder, cannotMove) => move(access, existing, { uids, folder, cannotMove }),
		delete: (uids, cannotMove) => remove(access, uids, cannotMove),
	};
}

async function addFlag(
	access: MailboxAccess,
	uids: readonly number[],
	flag: '\\Seen' | '\\Flagged',
): Promise<void> {
	const { session, selected } = access;
	assertWritable(access);
	const kept = selected.permanentFlags;
	if (kept !== undefined && !kept.has('\\*') && !kept.has(flag)) {
		throw refusal(
			`The mail server does not keep the flag ${flag} in "${selected.state.path}"`,
			'Choose another clean-up for this mailbox.',
		);
	}
	await storeFlag(session, selected.state.path, uids, flag);
}

async function addKeyword(
	access: MailboxAccess,
	uids: readonly number[],
	keyword: string,
): Promise<boolean> {
	const { session, selected } = access;
	// `\*` means that a client may make keywords of its own (RFC 3501, 7.1, PERMANENTFLAGS).
	const kept = selected.permanentFlags;
	if (selected.state.readOnly || !(kept?.has('\\*') === true || kept?.has(keyword) === true)) {
		return false;
	}
	try {
		await storeFlag(session, selected.state.path, uids, keyword);
		return true;
	} catch (error) {
		// A mailbox has room for a limited number of keywords, and does not say how many (Cyrus: 100).
		if ((isRefusal(error) || isLimit(error)) && session.client.usable) return false;
		throw error;
	}
}

function isLimit(error: unknown): boolean {
	if (!(error instanceof IngestError)) return false;
	return error.code === 'throttled' && error.retryAfterMs === undefined;
}

function canMove({ session: { client } }: MailboxAccess): boolean {
	return has(client, 'MOVE') || has(client, 'UIDPLUS');
}

async function remove(
	access: MailboxAccess,
	uids: readonly number[],
	cannotMove: CannotMove = 'leave',
): Promise<void> {
	const { session, selected } = access;
	assertWritable(access);
	const { path } = selected.state;
	if (has(session.client, 'UIDPLUS') || cannotMove !== 'expunge') {
		await deleteMessages(session, path, uids, cannotMove);
	} else await expungeAlone(session, path, uids);
}

interface Move {
	readonly uids: readonly number[];
	readonly folder: string;
	readonly cannotMove: CannotMove | undefined;
}

async function move(
	access: MailboxAccess,
	existing: FindExisting,
	{ uids, folder, cannotMove = 'leave' }: Move,
): Promise<void> {
	const { session, selected } = access;
	assertWritable(access);
	const target = await toOtherPath(session, folder, selected.state.path);
	if (!canMove(access)) {
		if (cannotMove === 'leave') throw CANNOT_MOVE;
		const there = await existing(uids);
		const copied = await copyAll(access, there, target);
		if (cannotMove === 'copy') return;
		// What was not copied must not be removed.
		assertMoved(
			access,
			there.filter((uid) => !copied.has(uid)),
			target,
		);
		await expungeAlone(session, selected.state.path, there);
		return;
	}
	const asked = new Set(uids);
	const moved = new Set<number>();
	for (const set of toUidSets(uids)) {
		const done = await withFolder(access, target, () =>
			moveSet(access, { set, folder: target, asked, cannotMove }),
		);
		for (const uid of done) moved.add(uid);
	}
	assertMoved(access, await existing(uids.filter((uid) => !moved.has(uid))), target);
}

/** Copies messages and returns those that are certain to have been. */
async function copyAll(
	access: MailboxAccess,
	uids: readonly number[],
	folder: string,
): Promise<ReadonlySet<number>> {
	const asked = new Set(uids);
	const copied: number[] = [];
	for (const set of toUidSets(uids)) {
		const copy = { set, folder, asked };
		const { confirmed } = await withFolder(access, folder, () => copyCounted(access, copy));
		copied.push(...confirmed);
	}
	return new Set(copied);
}

/** Tries first, since the folder is nearly always there; creates it when the server says it is missing. */
async function withFolder<Result>(
	{ session }: MailboxAccess,
	folder: string,
	attempt: () => Promise<Result>,
): Promise<Result> {
	try {
		return await attempt();
	} catch (error) {
		if (!isRefusal(error)) throw error;
		if ((await readStatus(session, folder)) !== undefined) throw error;
		await createFolder(session, folder);
		return await attempt();
	}
}

/** Moves a set of UIDs and returns those the server confirms (COPYUID, RFC 4315); others are gone, or it does not say. */
async function moveSet(access: MailboxAccess, wanted: SetMove): Promise<readonly number[]> {
	const { session, selected } = access;
	const { set, folder } = wanted;
	if (!has(session.client, 'MOVE')) return await moveByCopy(access, wanted);
	try {
		const moved = await session.run(
			(client) => client.messageMove(set, folder, { uid: true }),
			folder,
		);
		return [...(moved.uidMap?.keys() ?? [])];
	} catch (error) {
		throw toMoveRefusal(error, selected.state.path, folder);
	}
}

/** A server does not say which of the two mailboxes the right is missing for. */
function toMoveRefusal(error: unknown, from: string, to: string): unknown {
	if (!(error instanceof IngestError) || error.code !== 'mailbox-read-only') return error;
	const remedy = `Give the account the right to remove messages from "${from}" and to put them into "${to}".`;
	return new IngestError(error.code, error.message, { remedy });
}

/** An OK is not enough: what was neither confirmed as moved nor is gone was left where it was. */
function assertMoved({ selected }: MailboxAccess, left: readonly number[], folder: string): void {
	if (left.length === 0) return;
	throw refusal(
		`The mail server left ${String(left.length)} messages in "${selected.state.path}" instead of moving them to "${folder}"`,
		'This is tried again; there may be copies in the folder.',
	);
}

function assertWritable({ selected }: MailboxAccess): void {
	if (!selected.state.readOnly) return;
	throw new IngestError(
		'mailbox-read-only',
		`The mailbox "${selected.state.path}" is open for reading only`,
		{ remedy: 'Give the account the right to change messages there, or choose no clean-up.' },
	);
}

const CANNOT_MOVE = refusal(
	'The mail server cannot move single messages: it has neither MOVE (RFC 6851) nor UIDPLUS (RFC 4315)',
	'Choose "Mark as Read" or "Flag" for this account, or see the option "When the Server Cannot Move".',
);

function has(client: ImapFlow, capability: string): boolean {
	return client.capabilities.has(capability);
}

function refusal(message: string, remedy: string): IngestError {
	return new IngestError('refused-by-server', message, { remedy });
}
