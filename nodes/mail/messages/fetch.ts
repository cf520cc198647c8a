/*
 * Reading. read-heads.ts fetches header fields (fetch.ts; fetch-isolated.ts finds the one that a server cannot read) that
 * head.ts and addresses.ts understand; read-structures.ts and structure.ts find the text part; read-bodies.ts reads it and
 * read-text.ts decides which candidate is the text. repair.ts steps in where the server could not parse the mail, and
 * stand-in.ts where it could not convert it.
 */
import type { FetchMessageObject, FetchQueryObject } from 'imapflow';
import { IngestError } from '../../core/errors';
import { fetchHeadRows } from './fetch-items';
import type { HeadQuery } from './fetch-items';
import { findExisting } from '../mailboxes/find-uids';
import { fetchIsolated } from './fetch-isolated';
import type { Isolated } from './fetch-isolated';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { mergeFetchRows } from 'imapflow/lib/tools.js';
import { toUidSets } from '../mailboxes/uid-set';

type RowQuery = FetchQueryObject | HeadQuery;

/** One that is in neither is gone. */
export type FetchedApart = Isolated<FetchMessageObject>;

export const MALFORMED = new IngestError(
	'message-unreadable',
	'the answer of the server about it is malformed',
);

/**
 * Fetches what senders have a hand in (header fields, structure), so that one message whose row is malformed, or larger
 * or deeper than is accepted, does not stop the others.
 *
 * @param isWhole tells the row that was asked for from mere news of a message whose flags changed meanwhile
 */
export async function fetchApart(
	access: MailboxAccess,
	uids: readonly number[],
	query: RowQuery,
	isWhole: (row: FetchMessageObject | undefined) => boolean,
): Promise<FetchedApart> {
	let asked = query;
	const { rows, unreadable } = await fetchIsolated(access, uids, async (some) => {
		const items = asked;
		// A text that cannot be read must not make a head unreadable.
		asked = 'fields' in query ? { ...query, shortText: false } : query;
		return await fetchRows(access, some, items);
	});
	const missing = uids.filter((uid) => !unreadable.has(uid) && !isWhole(rows.get(uid)));
	// The driver leaves out rows that it cannot make sense of, just as it does those of messages that are gone.
	const existing = await findExisting(access.session, access.selected.state.path, missing);
	const malformed = existing.map((uid) => [uid, MALFORMED] as const);
	return {
		rows: new Map([...rows].filter(([, row]) => isWhole(row))),
		unreadable: new Map([...unreadable, ...malformed]),
	};
}

/** What a FETCH gives of these UIDs, one row for each that the server answered about. */
export async function fetchRows(
	access: MailboxAccess,
	uids: readonly number[],
	query: RowQuery,
): Promise<ReadonlyMap<number, FetchMessageObject>> {
	const { session, selected } = access;
	const rows = new Map<number, FetchMessageObject>();
	for (const set of toUidSets(uids)) {
		const fetched =
			'fields' in query
				? await fetchHeadRows(access, set, query)
				: await session.run(
						(client) => client.fetchAll(set, query, { uid: true }),
						selected.state.path,
					);
		for (const row of fetched) {
			const known = rows.get(row.uid);
			rows.set(row.uid, known === undefined ? row : merge(known, row));
		}
	}
	return rows;
}

/** Two messages with one number are one that cannot be read: nobody knows which of them a command would hit. */
function merge(known: FetchMessageObject, row: FetchMessageObject): FetchMessageObject {
	const [one, other] = [known.headers, row.headers];
	const merged = mergeFetchRows([known, row]);
	if (one !== undefined && other !== undefined && !one.equals(other)) delete merged.headers;
	return merged;
}
