import type { FetchMessageObject, FetchQueryObject } from 'imapflow';
import { mergeFetchRows } from 'imapflow/lib/tools.js';
import type { MailboxAccess } from './selected-mailbox';
import { toUidSets } from './uid-set';

/** What a FETCH gives of these UIDs, one row for each that the server answered about. */
export async function fetchRows(
	{ session, selected: { state } }: MailboxAccess,
	uids: readonly number[],
	query: FetchQueryObject,
): Promise<ReadonlyMap<number, FetchMessageObject>> {
	const rows = new Map<number, FetchMessageObject>();
	for (const set of toUidSets(uids)) {
		const fetched = await session.run(
			(client) => client.fetchAll(set, query, { uid: true }),
			state.path,
		);
		for (const row of fetched) {
			const known = rows.get(row.uid);
			rows.set(row.uid, known === undefined ? row : mergeFetchRows([known, row]));
		}
	}
	return rows;
}
