import type { FetchMessageObject } from 'imapflow';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { toUidSets } from '../mailboxes/uid-set';
import { fetchIsolated } from './fetch-isolated';
import type { Isolated } from './fetch-isolated';
import { fetchItems } from './fetch-items';
import type { Word } from './fetch-items';

/** Fetches sections of messages, so that one that cannot be read does not stop the others. */
export async function fetchSections(
	access: MailboxAccess,
	uids: readonly number[],
	items: readonly Word[],
	isWhole: (row: FetchMessageObject) => boolean,
): Promise<Isolated<FetchMessageObject>> {
	const { session, selected } = access;
	return await fetchIsolated(access, uids, async (some) => {
		const found = new Map<number, FetchMessageObject>();
		for (const set of toUidSets(some)) {
			const fetched = await fetchItems(session, selected.state.path, set, items);
			for (const row of fetched) if (isWhole(row)) found.set(row.uid, row);
		}
		return found;
	});
}
