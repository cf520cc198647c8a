import type { Session } from '../connections/client';
import type { MailboxState } from '../ports';
import { toUidSets } from './uid-set';

/** UIDs above `position`, ascending; no command when UIDNEXT says there are none. */
export async function findUidsAfter(
	session: Session,
	state: MailboxState,
	position: number,
): Promise<readonly number[]> {
	if (state.uidNext - 1 <= position) return [];
	const range = `${String(position + 1)}:*`;
	const found = await session.run(
		(client) => client.search({ uid: range }, { uid: true }),
		state.path,
	);
	// `n:*` always includes the newest message, also below n (RFC 3501, 6.4.8).
	return found.filter((uid) => uid > position);
}

/** The newest UIDs, ascending; by sequence numbers, which need no search: the newest messages are the last ones. */
export async function findNewest(
	session: Session,
	path: string,
	count: number,
): Promise<readonly number[]> {
	const { mailbox } = session.client;
	const total = mailbox === false ? 0 : mailbox.exists;
	if (count <= 0 || total === 0) return [];
	const range = `${String(Math.max(1, total - count + 1))}:*`;
	const rows = await session.run((client) => client.fetchAll(range, { uid: true }), path);
	return [...new Set(rows.map(({ uid }) => uid))].sort((a, b) => a - b).slice(-count);
}

/** Which of these UIDs exist in the selected mailbox. */
export async function findExisting(
	session: Session,
	path: string,
	uids: readonly number[],
): Promise<readonly number[]> {
	const asked = new Set(uids);
	const found: number[] = [];
	for (const uid of toUidSets(uids)) {
		const some = await session.run((client) => client.search({ uid }, { uid: true }), path);
		found.push(...some.filter((candidate) => asked.has(candidate)));
	}
	return found;
}

/** UIDs up to `upTo` with the keyword and without \Seen. */
export async function findUnread(
	session: Session,
	path: string,
	keyword: string,
	upTo: number,
): Promise<readonly number[]> {
	if (upTo < 1) return [];
	const query = { uid: `1:${String(upTo)}`, seen: false, keyword };
	return await session.run((client) => client.search(query, { uid: true }), path);
}
