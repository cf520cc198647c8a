import { IngestError } from '../../core/errors';
import type { ActionMailbox } from '../action-ports';
import { existsOf, findNewest, searchExisting } from './find-uids';
import { removeFlag } from './flag-set';
import { createFolder, readStatus, toOtherPath } from './folders';
import { orElse } from './refusal';
import { readSaveDates } from './save-date';
import { toSearchObject } from './search-criteria';
import type { MailboxAccess } from './selected-mailbox';
import { toUidSets } from './uid-set';

type MessageChanges = Pick<
	ActionMailbox,
	'search' | 'removeFlag' | 'removeKeywords' | 'copy' | 'saveDates'
>;

/** What the action node does beyond the triggers; every change names its UIDs. */
export function createMessageChanges(access: MailboxAccess): MessageChanges {
	const { session, selected } = access;
	return {
		search: async (wanted) => {
			await selected.ensureOpen();
			// Some servers refuse to search an empty mailbox (Proton Bridge).
			if (existsOf(session) === 0) return [];
			const found = await session.run(
				(client) => client.search(toSearchObject(wanted), { uid: true }),
				selected.state.path,
			);
			if (found.length === 0) await assertSearching(access);
			return [...found].sort((a, b) => a - b);
		},
		removeFlag: async (uids, flag) => {
			await selected.ensureOpen();
			await removeFlags(access, uids, flag);
		},
		removeKeywords: async (uids, prefix) => {
			await selected.ensureOpen();
			for (const [keyword, marked] of await findKeywords(access, uids, prefix)) {
				await removeFlags(access, marked, keyword);
			}
		},
		copy: async (uids, folder) => {
			await selected.ensureOpen();
			return await copy(access, uids, folder);
		},
		saveDates: async (uids) => {
			await selected.ensureOpen();
			return await readSaveDates(session, selected.state.path, uids);
		},
	};
}

/** That nothing is found is believed of a server that finds at least the newest message by its UID (not Mailutils imap4d). */
async function assertSearching({ session, selected: { state } }: MailboxAccess): Promise<void> {
	const newest = await orElse(findNewest(session, state.path, 1), []);
	if (newest.length === 0) return;
	if ((await searchExisting(session, state.path, newest)).length > 0) return;
	throw new IngestError(
		'refused-by-server',
		`The mail server finds nothing in "${state.path}", though there are messages`,
		{ remedy: 'Search by other criteria than texts: these are compared without the server.' },
	);
}

async function removeFlags(
	{ session, selected: { state } }: MailboxAccess,
	uids: readonly number[],
	flag: string,
): Promise<void> {
	if (state.readOnly) {
		throw new IngestError(
			'mailbox-read-only',
			`The mailbox "${state.path}" is open for reading only`,
			{ remedy: 'Give the account the right to change messages there.' },
		);
	}
	await removeFlag(session, state.path, uids, flag);
}

/** The keywords that begin with `prefix`, each with the messages that have it. */
async function findKeywords(
	{ session, selected: { state } }: MailboxAccess,
	uids: readonly number[],
	prefix: string,
): Promise<ReadonlyMap<string, readonly number[]>> {
	const asked = new Set(uids);
	const found = new Map<string, number[]>();
	for (const set of toUidSets(uids)) {
		const query = { uid: true, flags: true };
		const rows = await session.run(
			(client) => client.fetchAll(set, query, { uid: true }),
			state.path,
		);
		for (const { uid, flags } of rows) {
			if (!asked.has(uid)) continue;
			// Keywords are case-insensitive to servers (RFC 9051, 2.3.2).
			const marks = [...(flags ?? [])].filter((flag) =>
				flag.toLowerCase().startsWith(prefix.toLowerCase()),
			);
			for (const mark of marks) found.set(mark, (found.get(mark) ?? []).concat(uid));
		}
	}
	return found;
}

async function copy(
	{ session, selected: { state } }: MailboxAccess,
	uids: readonly number[],
	folder: string,
): Promise<readonly number[]> {
	const target = await toOtherPath(session, folder, state.path);
	if ((await readStatus(session, target)) === undefined) await createFolder(session, target);
	const copied = new Set<number>();
	for (const set of toUidSets(uids)) {
		const { uidMap } = await session.run(
			(client) => client.messageCopy(set, target, { uid: true }),
			target,
		);
		// Without UIDPLUS the server does not say which ones it has copied.
		for (const uid of uidMap?.keys() ?? uids) copied.add(uid);
	}
	return uids.filter((uid) => copied.has(uid));
}
