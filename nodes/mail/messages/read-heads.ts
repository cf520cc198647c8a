import type { FetchMessageObject, FetchQueryObject } from 'imapflow';
import type { HeaderValues } from '../../core/message/message';
import type { HeadOptions } from '../ports';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { withBounces } from './read-bounces';
import { fetchApart, fetchRows, MALFORMED } from './fetch';
import { fetchItems, FIELDS_LIMIT, SHORT_TEXT_LIMIT, toAtom, toSectionItem } from './fetch-items';
import { FlagSet } from '../mailboxes/flag-set';
import { toUidSets } from '../mailboxes/uid-set';
import * as head from './head';
import { PART_FIELDS } from './part-header';
import type { RawFields } from './head';
import { addStructure, readStructures, toUnreadable } from './read-structures';
import type { Scanned } from './scanned';
import { withoutStandIns } from './stand-in';

const SURE: FetchQueryObject = { uid: true, flags: true, internalDate: true, size: true };

/** The header fields of a message, as far as they are read. */
interface ReadFields {
	readonly fields: RawFields;
	readonly isCut: boolean;
	/** True where the server gives no field of a message that has some. */
	readonly isWithheld?: true;
}

/**
 * Reads the heads of messages, with the values of the named header fields. One whose head cannot be read (larger or
 * deeper than is accepted, or malformed) does not stop the others: it comes with a `failure` and what the server does
 * tell of it.
 */
export async function readHeads(
	access: MailboxAccess,
	uids: readonly number[],
	{ headers = [], structure = true, shortText = false }: Partial<HeadOptions> = {},
): Promise<readonly Scanned[]> {
	// With the structure it is known which message is all text: how that is written stands in its header.
	const names = [...new Set([...head.HEAD_FIELDS, ...(structure ? PART_FIELDS : []), ...headers])];
	const query = { fields: names, structure, shortText: structure && shortText };
	const { rows, unreadable } = await fetchApart(access, uids, query, isHead);
	const headless = uids.filter((uid) => lacksFields(rows.get(uid)));
	const failures = new Map([...unreadable, ...headless.map((uid) => [uid, MALFORMED] as const)]);
	const sure = await fetchRows(access, [...failures.keys()], SURE);
	const fields = await readFields(access, rows, names);
	const messages = uids.flatMap((uid) => {
		const failure = failures.get(uid);
		if (failure !== undefined) {
			const known = sure.get(uid) ?? { uid, seq: 0 };
			return [toUnreadable(toHead(access, known), failure.message, failure.code)];
		}
		const row = rows.get(uid);
		if (row === undefined) return [];
		const read = fields.get(uid);
		const scanned = toHead(access, row, read, headers);
		if (read?.isWithheld === true) return [toUnreadable(scanned, MALFORMED.message)];
		if (!structure) return [scanned];
		return [withRoot(addStructure(scanned, row.bodyStructure, access), row, read)];
	});
	const real = await withoutStandIns(access, messages);
	const whole = await withRawSubjects(access, real, fields);
	return structure ? await withBounces(access, whole) : whole;
}

/** What came with the head of a message that has no parts: how its text is written, and perhaps the text itself. */
function withRoot(
	message: Scanned,
	{ bodyParts }: FetchMessageObject,
	read: ReadFields | undefined,
): Scanned {
	const { textPart } = message;
	if (read === undefined || read.isCut || textPart?.isRoot !== true) return message;
	const bytes = textPart.key === '1' ? bodyParts?.get('1') : undefined;
	const isWhole = Buffer.isBuffer(bytes) && bytes.length > 0 && bytes.length < SHORT_TEXT_LIMIT;
	const header = read.fields;
	// What is new stands first: Node.js 20 takes microseconds for what it adds behind a spread.
	const known = isWhole ? { header, bytes, ...textPart } : { header, ...textPart };
	return { ...message, textPart: known };
}

/** Every row that answers the FETCH has one of these; mere news of changed flags has none. */
function isHead(row: FetchMessageObject | undefined): boolean {
	return (row?.headers ?? row?.bodyStructure ?? row?.internalDate) !== undefined;
}

/** What the server left out must not be taken for fields that are not there. */
function lacksFields(row: FetchMessageObject | undefined): boolean {
	return row !== undefined && !Buffer.isBuffer(row.headers);
}

/** Endless fields must not hide others: those of a message that has such are read on their own, the sender first. */
async function readFields(
	access: MailboxAccess,
	rows: ReadonlyMap<number, FetchMessageObject>,
	names: readonly string[],
): Promise<ReadonlyMap<number, ReadFields>> {
	const read = new Map([...rows].map(([uid, { headers }]) => [uid, toReadFields(headers)]));
	const cut = [...read].filter(([, { isCut }]) => isCut).map(([uid]) => uid);
	const senderless = [...read].filter(([, { fields, isCut }]) => !isCut && !fields.has('from'));
	for (const [uid, known] of await readFirstLines(access, new Map(senderless), names))
		read.set(uid, known);
	if (cut.length === 0) return read;
	const recipients = ['to', 'cc'];
	const others = names.filter((name) => name !== 'from' && !recipients.includes(name));
	for (const uid of cut) read.set(uid, { fields: new Map(), isCut: false });
	for (const group of [['from'], others, recipients]) {
		const some = await fetchRows(access, cut, { fields: group, structure: false });
		for (const [uid, { headers }] of some) {
			const known = read.get(uid);
			const more = toReadFields(headers);
			// Of a sender that is not known as a whole nobody is known.
			const isUsable = !more.isCut || group[0] !== 'from';
			const fields = new Map([...(known?.fields ?? []), ...(isUsable ? more.fields : [])]);
			read.set(uid, { fields, isCut: known?.isCut === true || more.isCut });
		}
	}
	return read;
}

/** Bytes of a message in which its first header field ends. */
const FIRST_LINES = 2048;

/** A first field that is indented, or stands behind a byte order mark: programs write From so, and servers leave it out. */
const HIDDEN_FIELD = /^(?:[ \t]|\u00EF\u00BB\u00BF)/;

/**
 * The fields of messages without a sender, which may have one that the server does not find. One that gives no field at all
 * is asked whether there is really none.
 */
async function readFirstLines(
	{ session, selected }: MailboxAccess,
	messages: ReadonlyMap<number, ReadFields>,
	names: readonly string[],
): Promise<ReadonlyMap<number, ReadFields>> {
	const found = new Map<number, ReadFields>();
	const items = [toAtom('UID'), toSectionItem('', FIRST_LINES)];
	for (const set of toUidSets([...messages.keys()])) {
		for (const { uid, source } of await fetchItems(session, selected.state.path, set, items)) {
			const known = messages.get(uid);
			if (known === undefined || source === undefined) continue;
			const there = head.toRawFields(toHeader(source));
			if (HIDDEN_FIELD.test(source.toString('latin1', 0, 3)))
				found.set(uid, { ...known, fields: new Map([...[...there].slice(0, 1), ...known.fields]) });
			else if (known.fields.size === 0 && names.some((name) => there.has(name)))
				found.set(uid, { ...known, isWithheld: true });
		}
	}
	return found;
}

/** What stands before the first empty line. */
function toHeader(source: Buffer): Buffer {
	const end = source.toString('latin1').search(/^\r?$/m);
	return end < 0 ? source : source.subarray(0, end);
}

function toReadFields(headers: Buffer | false | undefined): ReadFields {
	const bytes = Buffer.isBuffer(headers) ? headers : Buffer.alloc(0);
	return { fields: head.toRawFields(bytes), isCut: bytes.length >= FIELDS_LIMIT };
}

const NOTHING_READ: ReadFields = { fields: new Map(), isCut: false };

function toHead(
	{ selected, account }: MailboxAccess,
	row: FetchMessageObject,
	{ fields, isCut }: ReadFields = NOTHING_READ,
	wanted: readonly string[] = [],
): Scanned {
	const { path, uidValidity } = selected.state;
	const summary = head.toSummary(row, fields, { account, mailbox: path, uidValidity });
	return {
		summary: isCut ? { ...summary, truncated: true } : summary,
		flags: new FlagSet(row.flags),
		textPart: undefined,
		cc: head.toCopies(fields),
		headers: pickValues(fields, wanted),
	};
}

const NO_VALUES: HeaderValues = new Map();

function pickValues(fields: RawFields, wanted: readonly string[]): HeaderValues {
	if (wanted.length === 0) return NO_VALUES;
	const names = new Set(wanted);
	return head.toHeaderValues(new Map([...fields].filter(([name]) => names.has(name))));
}

/** A subject of raw bytes that are not UTF-8 is mostly in the charset of the message's text. */
async function withRawSubjects(
	access: MailboxAccess,
	messages: readonly Scanned[],
	fields: ReadonlyMap<number, ReadFields>,
): Promise<readonly Scanned[]> {
	const fieldsOf = ({ summary }: Scanned): RawFields =>
		(fields.get(summary.uid) ?? NOTHING_READ).fields;
	const raw = messages.filter((message) => head.isSubjectRaw(fieldsOf(message)));
	if (raw.length === 0) return messages;
	const whole = await readStructures(access, raw);
	const wholeOf = new Map(whole.map((message) => [message.summary.uid, message]));
	return messages.map((message) => {
		const known = wholeOf.get(message.summary.uid);
		if (known === undefined) return message;
		const subject = head.toSubject(fieldsOf(message), known.textPart?.charset ?? '');
		return { ...known, summary: { ...known.summary, subject } };
	});
}
