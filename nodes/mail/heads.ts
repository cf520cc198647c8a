import type { FetchMessageObject, FetchQueryObject } from 'imapflow';
import { IngestError } from '../core/errors';
import type { HeaderValues } from '../core/message';
import { fetchRows } from './fetch-rows';
import { findExisting } from './find-uids';
import { isGarbled, toBareAddresses, toRawSubject, toSummary } from './head';
import { toHeaderValues } from './header-fields';
import type { ScannedMessage } from './ports';
import type { MailboxAccess } from './selected-mailbox';
import { toMessageParts } from './structure';
import type { TextPart } from './structure';

type Scanned = ScannedMessage<TextPart | null>;

/** What is read of each message, by UID, and why the rest could not be read. */
interface Heads {
	readonly rows: ReadonlyMap<number, FetchMessageObject>;
	readonly unreadable: ReadonlyMap<number, IngestError>;
}

const SURE: FetchQueryObject = { uid: true, flags: true, internalDate: true, size: true };
const HEAD: FetchQueryObject = { ...SURE, envelope: true, bodyStructure: true };

/** New connections that finding unreadable messages in one batch may cost: enough for two or three among 200. */
const MAX_RENEWALS = 24;

/**
 * Reads the heads of messages, with the values of the named header fields. One whose head cannot be read (larger or deeper than is accepted, or malformed) does not
 * stop the others: it comes with a `failure` and what the server does tell of it.
 */
export async function readHeads(
	access: MailboxAccess,
	uids: readonly number[],
	headers: readonly string[] = [],
): Promise<readonly Scanned[]> {
	const query = headers.length === 0 ? HEAD : { ...HEAD, headers: [...headers] };
	const { rows, unreadable } = await fetchApart(access, uids, query, { left: MAX_RENEWALS });
	const missing = uids.filter((uid) => !unreadable.has(uid) && !isHead(rows.get(uid)));
	// The driver leaves out rows that it cannot make sense of, just as it does those of messages that are gone.
	const existing = await findExisting(access.session, access.selected.state.path, missing);
	const headless = headers.length === 0 ? [] : uids.filter((uid) => lacksHeaders(rows.get(uid)));
	const failures = new Map([
		...unreadable,
		...[...existing, ...headless].map((uid) => [uid, MALFORMED] as const),
	]);
	const sure = await fetchRows(access, [...failures.keys()], SURE);
	const messages = uids.flatMap((uid) => {
		const row = failures.has(uid) ? sure.get(uid) : rows.get(uid);
		// One that is in neither answer is gone.
		if (row === undefined || (!failures.has(uid) && !isHead(row))) return [];
		return [toScanned(access, row, failures.get(uid))];
	});
	return await withRawSubjects(access, messages);
}

const MALFORMED = new IngestError(
	'message-unreadable',
	'the answer of the server about it is malformed',
);

/** A row without either is only news of a message whose flags changed meanwhile. */
function isHead(row: FetchMessageObject | undefined): boolean {
	return (row?.bodyStructure ?? row?.envelope) !== undefined;
}

/** A rule that asks for a header must not take what the server left out for a field that is not there. */
function lacksHeaders(row: FetchMessageObject | undefined): boolean {
	return row !== undefined && isHead(row) && row.headers === undefined;
}

/**
 * Fetches heads; where a row breaks the connection, finds the message by halving the batch on new connections. When too
 * many are spent the rest of the batch counts as unreadable, to be tried again with fewer at once.
 */
async function fetchApart(
	access: MailboxAccess,
	uids: readonly number[],
	query: FetchQueryObject,
	renewals: { left: number },
): Promise<Heads> {
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
	const older = await fetchApart(access, uids.slice(0, middle), query, renewals);
	const newer = await fetchApart(access, uids.slice(middle), query, renewals);
	return {
		rows: new Map([...older.rows, ...newer.rows]),
		unreadable: new Map([...older.unreadable, ...newer.unreadable]),
	};
}

const NO_HEADERS: HeaderValues = new Map();

function toScanned(
	{ selected, account, limits }: MailboxAccess,
	row: FetchMessageObject,
	cause: IngestError | undefined,
): Scanned {
	const { path, uidValidity } = selected.state;
	const parts = toMessageParts(row.bodyStructure, limits);
	const summary = toSummary(row, { account, mailbox: path, uidValidity }, parts.attachments);
	const problem =
		cause?.message ??
		(row.bodyStructure === undefined ? 'its structure is nested too deeply' : undefined);
	return {
		summary,
		flags: row.flags ?? new Set<string>(),
		textPart: parts.text,
		cc: toBareAddresses(row.envelope?.cc),
		headers: row.headers === undefined ? NO_HEADERS : toHeaderValues(row.headers),
		...(problem !== undefined && { failure: toFailure(row.uid, path, problem) }),
	};
}

function toFailure(uid: number, mailbox: string, problem: string): IngestError {
	return new IngestError(
		'message-unreadable',
		`Message ${String(uid)} in "${mailbox}" cannot be read: ${problem}`,
		{ remedy: 'Look at the message with a mail program; nothing else waits for it.' },
	);
}

/** The ENVELOPE cannot carry a subject of raw bytes that are not UTF-8: such ones are read from the header itself. */
async function withRawSubjects(
	access: MailboxAccess,
	messages: readonly Scanned[],
): Promise<readonly Scanned[]> {
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
