import type { UidRange } from '../../core/delivery/gaps';
import { IngestError } from '../../core/errors';
import type { Session } from '../connections/client';
import type { MailboxState } from '../ports';
import { isRefusal, orRefusal } from './refusal';
import { toUidSets } from './uid-set';

/** A longer list of new mail is not asked for twice; what it lacks is left to the audit. */
const MAX_CHECKED = 2_000;
/** Of 22 characters at most: servers must take command lines of 8,192 bytes (RFC 7162, 4). */
const RANGES_PER_COMMAND = 300;

/**
 * UIDs above `position`, ascending; no command when UIDNEXT says there are none. A SEARCH that finds fewer than EXISTS and
 * UIDNEXT have room for is checked with a FETCH: some servers leave messages out of it (Mailutils imap4d, Apache James).
 */
export async function findUidsAfter(
	session: Session,
	state: MailboxState,
	position: number,
): Promise<readonly number[]> {
	const exists = existsOf(session);
	if (state.uidNext - 1 <= position || exists === 0) return [];
	const range = `${String(position + 1)}:*`;
	const answer = await orRefusal(
		session.run((client) => client.search({ uid: range }, { uid: true }), state.path),
	);
	const found = answer instanceof IngestError ? [] : answer;
	const room = Math.min(exists, state.uidNext - 1 - position);
	if (found.length >= room || found.length > MAX_CHECKED) return above(position, found);
	try {
		const rows = await session.run(
			(client) => client.fetchAll(range, { uid: true }, { uid: true }),
			state.path,
		);
		return above(position, [...found, ...rows.map(({ uid }) => uid)]);
	} catch (error) {
		if (!isRefusal(error)) throw error;
		if (found.length > 0) return above(position, found);
		// Where both are refused, SEARCH is what was to be expected.
		throw isRefusal(answer) ? answer : error;
	}
}

/** `n:*` always includes the newest message, also below n (RFC 3501, 6.4.8). */
function above(position: number, uids: readonly number[]): readonly number[] {
	return [...new Set(uids)].filter((uid) => uid > position).sort((a, b) => a - b);
}

/** How many messages the open mailbox has. */
export function existsOf({ client: { mailbox } }: Session): number {
	return mailbox === false ? 0 : mailbox.exists;
}

/** Times of receipt by UID; see the port. */
export async function findTimesOfReceipt(
	session: Session,
	path: string,
	ranges: readonly UidRange[],
	position: number,
): Promise<ReadonlyMap<number, number>> {
	const times = new Map<number, number>();
	const query = { uid: true, internalDate: true };
	for (const set of toSets(ranges, position)) {
		const rows = await session.run((client) => client.fetchAll(set, query, { uid: true }), path);
		// Mere news of changed flags, which has no time, may come after the row that was asked for.
		for (const { uid, internalDate } of rows)
			times.set(uid, Math.max(times.get(uid) ?? 0, toTime(internalDate)));
	}
	return times;
}

/** Sequence sets that fit into a command line each; the last one ends in `n:*`. */
function toSets(ranges: readonly UidRange[], position: number): readonly string[] {
	const written = ranges.map(({ from, to }) =>
		from === to ? String(from) : `${String(from)}:${String(to)}`,
	);
	const sets: string[] = [];
	for (let from = 0; from < written.length; from += RANGES_PER_COMMAND) {
		sets.push(written.slice(from, from + RANGES_PER_COMMAND).join(','));
	}
	const last = sets.pop();
	return [...sets, [...(last === undefined ? [] : [last]), `${String(position + 1)}:*`].join(',')];
}

function toTime(value: Date | string | undefined): number {
	return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : 0;
}

/** The newest UIDs, ascending; by sequence numbers, which need no search: the newest messages are the last ones. */
export async function findNewest(
	session: Session,
	path: string,
	count: number,
): Promise<readonly number[]> {
	const total = existsOf(session);
	if (count <= 0 || total === 0) return [];
	const range = `${String(Math.max(1, total - count + 1))}:*`;
	const rows = await session.run((client) => client.fetchAll(range, { uid: true }), path);
	return [...new Set(rows.map(({ uid }) => uid))].sort((a, b) => a - b).slice(-count);
}

/** Which of these UIDs SEARCH finds in the selected mailbox. */
export async function searchExisting(
	session: Session,
	path: string,
	uids: readonly number[],
): Promise<readonly number[]> {
	// Some servers refuse to search an empty mailbox (Proton Bridge).
	if (existsOf(session) === 0) return [];
	const asked = new Set(uids);
	const found: number[] = [];
	for (const uid of toUidSets(uids)) {
		const some = await session.run((client) => client.search({ uid }, { uid: true }), path);
		found.push(...some.filter((candidate) => asked.has(candidate)));
	}
	return found;
}

/**
 * Which of these UIDs exist in the selected mailbox, ascending. A message that SEARCH does not find may be there all the
 * same (Mailutils imap4d, Apache James): to be gone, it must be missing from a FETCH as well.
 */
export async function findExisting(
	session: Session,
	path: string,
	uids: readonly number[],
): Promise<readonly number[]> {
	const answer = await orRefusal(searchExisting(session, path, uids));
	const found = new Set(answer instanceof IngestError ? [] : answer);
	const left = existsOf(session) === 0 ? [] : uids.filter((uid) => !found.has(uid));
	const asked = new Set(left);
	for (const set of toUidSets(left)) {
		const rows = await orRefusal(
			session.run((client) => client.fetchAll(set, { uid: true }, { uid: true }), path),
		);
		if (!(rows instanceof IngestError)) {
			for (const { uid } of rows) if (asked.has(uid)) found.add(uid);
		} else if (answer instanceof IngestError) throw answer;
	}
	return [...found].sort((a, b) => a - b);
}

/** UIDs up to `upTo` with the keyword and without \Seen. */
export async function findUnread(
	session: Session,
	path: string,
	keyword: string,
	upTo: number,
): Promise<readonly number[]> {
	if (upTo < 1 || existsOf(session) === 0) return [];
	const query = { uid: `1:${String(upTo)}`, seen: false, keyword };
	return await session.run((client) => client.search(query, { uid: true }), path);
}
