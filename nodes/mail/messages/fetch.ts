import type { FetchMessageObject, FetchQueryObject } from 'imapflow';
import { IngestError } from '../../core/errors';
import { fetchHeadRows } from './fetch-heads';
import type { HeadQuery } from './fetch-heads';
import { findExisting } from '../mailboxes/find-uids';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { mergeFetchRows } from 'imapflow/lib/tools.js';
import { toUidSets } from '../mailboxes/uid-set';

/** What was read of each message, by UID, and why the rest could not be read. One that is in neither is gone. */
export interface FetchedApart {
	readonly rows: ReadonlyMap<number, FetchMessageObject>;
	readonly unreadable: ReadonlyMap<number, IngestError>;
}

type RowQuery = FetchQueryObject | HeadQuery;

/** New connections that finding unreadable messages in one batch may cost: enough for two or three among 200. */
const MAX_RENEWALS = 24;

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
	const { rows, unreadable } = await fetchByHalves(access, uids, query, { left: MAX_RENEWALS });
	const missing = uids.filter((uid) => !unreadable.has(uid) && !isWhole(rows.get(uid)));
	// The driver leaves out rows that it cannot make sense of, just as it does those of messages that are gone.
	const existing = await findExisting(access.session, access.selected.state.path, missing);
	const malformed = existing.map((uid) => [uid, MALFORMED] as const);
	return {
		rows: new Map([...rows].filter(([, row]) => isWhole(row))),
		unreadable: new Map([...unreadable, ...malformed]),
	};
}

/**
 * Where a row breaks the connection, finds the message by halving the batch on new connections. When too many are spent
 * the rest of the batch counts as unreadable, to be tried again with fewer at once.
 */
async function fetchByHalves(
	access: MailboxAccess,
	uids: readonly number[],
	query: RowQuery,
	renewals: { left: number },
): Promise<FetchedApart> {
	try {
		return { rows: await fetchRows(access, uids, query), unreadable: new Map() };
	} catch (error) {
		if (!(error instanceof IngestError) || error.code !== 'message-unreadable') throw error;
		await access.session.renew();
		await access.selected.ensureOpen();
		renewals.left -= 1;
		if (uids.length === 1 || renewals.left <= 0) {
			return { rows: new Map(), unreadable: new Map(uids.map((uid) => [uid, error])) };
		}
	}
	const middle = Math.ceil(uids.length / 2);
	const older = await fetchByHalves(access, uids.slice(0, middle), query, renewals);
	const newer = await fetchByHalves(access, uids.slice(middle), query, renewals);
	return {
		rows: new Map([...older.rows, ...newer.rows]),
		unreadable: new Map([...older.unreadable, ...newer.unreadable]),
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
			rows.set(row.uid, known === undefined ? row : mergeFetchRows([known, row]));
		}
	}
	return rows;
}
