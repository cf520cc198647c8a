import { createMailboxChanges } from './mailboxes/changes';
import { readBodies } from './messages/read-bodies';
import { fetchRows } from './messages/fetch';
import {
	findExisting,
	findNewest,
	findTimesOfReceipt,
	findUidsAfter,
	findUnread,
} from './mailboxes/find-uids';
import { FlagSet } from './mailboxes/flag-set';
import type { UidRange } from '../core/delivery/gaps';
import type { TextFrom } from '../core/message/message';
import { readHeads } from './messages/read-heads';
import type { Session } from './connections/client';
import { DEFAULT_LIMITS } from './limits';
import type { HeadOptions, OpenMailbox, RetentionMailbox } from './ports';
import { createRetention } from './mailboxes/retention';
import { selectMailbox } from './mailboxes/selected-mailbox';
import type { MailboxAccess } from './mailboxes/selected-mailbox';
import { readStructures } from './messages/read-structures';
import type { Scanned } from './messages/scanned';

/** A mailbox opened for work, and what else reads and changes it. */
export interface Opened {
	readonly access: MailboxAccess;
	readonly mailbox: OpenMailbox<Scanned['textPart']> & RetentionMailbox;
}

/**
 * Opens a mailbox in a session.
 *
 * @param account `user@host`, the name of the account in what is read
 */
export async function openMailbox(
	session: Session,
	account: string,
	path: string,
	readOnly: boolean,
): Promise<Opened> {
	const selected = await selectMailbox(session, path, readOnly);
	const access = { session, selected, account, limits: DEFAULT_LIMITS };
	return {
		access,
		mailbox: { ...createOpenMailbox(access), ...createRetention(session, selected) },
	};
}

/** The messages of an open mailbox; see the port for what each method promises. */
function createOpenMailbox(access: MailboxAccess): OpenMailbox<Scanned['textPart']> {
	const { session, selected } = access;
	const { state } = selected;
	const changes = createMailboxChanges(access, (uids) => findExisting(session, state.path, uids));
	let tail: Promise<unknown> = Promise.resolve();
	const opened =
		<Args extends readonly unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
		async (...args: Args): Promise<Result> => {
			const run = tail.then(selected.ensureOpen).then(() => method(...args));
			tail = run.catch(() => undefined);
			return await run;
		};
	return {
		state,
		uidsAfter: opened((position: number) => findUidsAfter(session, state, position)),
		newestUids: opened((count: number) => findNewest(session, state.path, count)),
		timesOfReceipt: opened((ranges: readonly UidRange[], position: number) =>
			findTimesOfReceipt(session, state.path, ranges, position),
		),
		existing: opened((uids: readonly number[]) => findExisting(session, state.path, uids)),
		flags: opened((uids: readonly number[]) => readFlags(access, uids)),
		unreadWithKeyword: opened((keyword: string, upTo: number) =>
			findUnread(session, state.path, keyword, upTo),
		),
		heads: opened((uids: readonly number[], options?: Partial<HeadOptions>) =>
			readHeads(access, uids, options),
		),
		structures: opened((messages: readonly Scanned[]) => readStructures(access, messages)),
		bodies: opened((messages: readonly Scanned[], textFrom?: TextFrom) =>
			readBodies(access, messages, textFrom),
		),
		addFlag: opened(changes.addFlag),
		addKeyword: opened(changes.addKeyword),
		canMove: changes.canMove,
		move: opened(changes.move),
		delete: opened(changes.delete),
	};
}

async function readFlags(
	access: MailboxAccess,
	uids: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
	const rows = await fetchRows(access, uids, { uid: true, flags: true });
	return new Map([...rows].map(([uid, { flags }]) => [uid, new FlagSet(flags)]));
}
