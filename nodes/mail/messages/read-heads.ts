import type { FetchMessageObject, FetchQueryObject } from 'imapflow';
import type { HeaderValues } from '../../core/message/message';
import { fetchApart, MALFORMED, fetchRows } from './fetch';
import { isGarbled, toBareAddresses, toRawSubject, toSummary, toHeaderValues } from './head';
import type { HeadOptions } from '../ports';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { addStructure, readStructures, toUnreadable } from './read-structures';
import type { Scanned } from './read-structures';

const SURE: FetchQueryObject = { uid: true, flags: true, internalDate: true, size: true };

/**
 * Reads the heads of messages, with the values of the named header fields. One whose head cannot be read (larger or
 * deeper than is accepted, or malformed) does not stop the others: it comes with a `failure` and what the server does
 * tell of it.
 */
export async function readHeads(
	access: MailboxAccess,
	uids: readonly number[],
	{ headers = [], structure = true }: Partial<HeadOptions> = {},
): Promise<readonly Scanned[]> {
	const query: FetchQueryObject = {
		...SURE,
		envelope: true,
		...(structure && { bodyStructure: true }),
		...(headers.length > 0 && { headers: [...headers] }),
	};
	const { rows, unreadable } = await fetchApart(access, uids, query, isHead);
	const headless = headers.length === 0 ? [] : uids.filter((uid) => lacksHeaders(rows.get(uid)));
	const failures = new Map([...unreadable, ...headless.map((uid) => [uid, MALFORMED] as const)]);
	const sure = await fetchRows(access, [...failures.keys()], SURE);
	const messages = uids.flatMap((uid) => {
		const failure = failures.get(uid);
		const row = failure === undefined ? rows.get(uid) : sure.get(uid);
		if (row === undefined) return [];
		const head = toHead(access, row);
		if (failure !== undefined) return [toUnreadable(head, failure.message)];
		return [structure ? addStructure(head, row.bodyStructure, access) : head];
	});
	return await withRawSubjects(access, messages);
}

/** Every row that answers the FETCH has one of these; mere news of changed flags has none. */
function isHead(row: FetchMessageObject | undefined): boolean {
	return (row?.envelope ?? row?.bodyStructure ?? row?.internalDate) !== undefined;
}

/** A rule that asks for a header must not take what the server left out for a field that is not there. */
function lacksHeaders(row: FetchMessageObject | undefined): boolean {
	return row !== undefined && row.headers === undefined;
}

const NO_HEADERS: HeaderValues = new Map();

function toHead({ selected, account }: MailboxAccess, row: FetchMessageObject): Scanned {
	const { path, uidValidity } = selected.state;
	return {
		summary: toSummary(row, { account, mailbox: path, uidValidity }),
		flags: row.flags ?? new Set<string>(),
		textPart: undefined,
		cc: toBareAddresses(row.envelope?.cc),
		headers: row.headers === undefined ? NO_HEADERS : toHeaderValues(row.headers),
	};
}

/**
 * The ENVELOPE cannot carry a subject of raw bytes that are not UTF-8: such ones are read from the header itself, in the
 * charset of the message's text.
 */
async function withRawSubjects(
	access: MailboxAccess,
	messages: readonly Scanned[],
): Promise<readonly Scanned[]> {
	const garbled = messages.filter(({ summary }) => isGarbled(summary.subject));
	if (garbled.length === 0) return messages;
	const uids = garbled.map(({ summary }) => summary.uid);
	const rows = await fetchRows(access, uids, { uid: true, headers: ['subject'] });
	const whole = await readStructures(access, garbled);
	const wholeOf = new Map(whole.map((message) => [message.summary.uid, message]));
	return messages.map((message) => {
		const { uid } = message.summary;
		const header = rows.get(uid)?.headers;
		const known = wholeOf.get(uid) ?? message;
		if (header === undefined) return known;
		const subject = toRawSubject(header, known.textPart?.charset ?? '');
		return { ...known, summary: { ...known.summary, subject } };
	});
}
