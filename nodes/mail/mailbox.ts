import type { FetchMessageObject, FetchQueryObject } from 'imapflow';
import { mergeFetchRows } from 'imapflow/lib/tools.js';
import { createMailboxChanges } from './changes';
import type { Session } from './client';
import { readBodies } from './bodies';
import { isGarbled, toRawSubject, toSummary } from './head';
import type { MailboxState, OpenMailbox, ScannedMessage } from './ports';
import type { MailboxAccess } from './selected-mailbox';
import { toMessageParts } from './structure';
import type { TextPart } from './structure';
import { toUidSets } from './uid-set';

/** The messages of an open mailbox; see the port for what each method promises. */
export function createOpenMailbox(access: MailboxAccess): OpenMailbox<TextPart | null> {
	const { session, selected, limits } = access;
	const { state } = selected;
	const changes = createMailboxChanges(access, (uids) => findExisting(session, state.path, uids));
	const opened =
		<Args extends readonly unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
		async (...args: Args): Promise<Result> => {
			await selected.ensureOpen();
			return await method(...args);
		};
	return {
		state,
		uidsAfter: opened((position: number) => findUidsAfter(session, state, position)),
		newestUids: opened((count: number) => findNewest(session, state.path, count)),
		existing: opened((uids: readonly number[]) => findExisting(session, state.path, uids)),
		flags: opened((uids: readonly number[]) => readFlags(access, uids)),
		unreadWithKeyword: opened((keyword: string, upTo: number) =>
			findUnread(session, state.path, keyword, upTo),
		),
		heads: opened((uids: readonly number[]) => readHeads(access, uids)),
		bodies: opened((messages: ReadonlyArray<ScannedMessage<TextPart | null>>) =>
			readBodies(session, state.path, messages, limits.bodyBytes),
		),
		addFlag: opened(changes.addFlag),
		addKeyword: opened(changes.addKeyword),
		move: opened(changes.move),
		delete: opened(changes.delete),
	};
}

async function findUidsAfter(
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

/** By sequence numbers, which need no search: the newest messages are the last ones. */
async function findNewest(
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

async function findExisting(
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

async function readFlags(
	access: MailboxAccess,
	uids: readonly number[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
	const rows = await fetchRows(access, uids, { uid: true, flags: true });
	return new Map([...rows].map(([uid, { flags }]) => [uid, flags ?? new Set<string>()]));
}

async function findUnread(
	session: Session,
	path: string,
	keyword: string,
	upTo: number,
): Promise<readonly number[]> {
	if (upTo < 1) return [];
	const query = { uid: `1:${String(upTo)}`, seen: false, keyword };
	return await session.run((client) => client.search(query, { uid: true }), path);
}

async function readHeads(
	access: MailboxAccess,
	uids: readonly number[],
): Promise<ReadonlyArray<ScannedMessage<TextPart | null>>> {
	const query = {
		uid: true,
		flags: true,
		envelope: true,
		bodyStructure: true,
		internalDate: true,
		size: true,
	};
	const rows = await fetchRows(access, uids, query);
	const { selected, account, limits } = access;
	const { path, uidValidity } = selected.state;
	const messages = uids.flatMap((uid) => {
		const head = rows.get(uid);
		// A row without both is only news of a message whose flags changed meanwhile.
		if (head === undefined || (head.bodyStructure ?? head.envelope) === undefined) return [];
		const parts = toMessageParts(head.bodyStructure, limits);
		const place = { account, mailbox: path, uidValidity };
		const summary = toSummary(head, place, parts.attachments);
		return [{ summary, flags: head.flags ?? new Set<string>(), textPart: parts.text }];
	});
	return await withRawSubjects(access, messages);
}

/** The ENVELOPE cannot carry a subject of raw bytes that are not UTF-8: such ones are read from the header itself. */
async function withRawSubjects(
	access: MailboxAccess,
	messages: ReadonlyArray<ScannedMessage<TextPart | null>>,
): Promise<ReadonlyArray<ScannedMessage<TextPart | null>>> {
	const garbled = messages.filter(({ summary }) => isGarbled(summary.subject));
	if (garbled.length === 0) return messages;
	const uids = garbled.map(({ summary }) => summary.uid);
	const rows = await fetchRows(access, uids, { uid: true, headers: ['subject'] });
	return messages.map((message) => {
		const header = rows.get(message.summary.uid)?.headers;
		if (header === undefined) return message;
		const subject = toRawSubject(header, message.textPart?.charset ?? '');
		return { ...message, summary: { ...message.summary, subject } };
	});
}

async function fetchRows(
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
