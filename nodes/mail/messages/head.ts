import { isUtf8 } from 'node:buffer';
import type { FetchMessageObject } from 'imapflow';
import type { HeaderValues, MessageReference, MessageSummary } from '../../core/message/message';
import { readAddresses, readSenders } from '../addresses/addresses';
import { decodeHeaderValue, decodeRawHeader } from '../text/header-text';
import { toOneLine } from '../text/one-line';

/** What the head of a message is made of: one row of a FETCH. */
export type FetchedHead = Pick<FetchMessageObject, 'uid' | 'internalDate' | 'size'>;

/** Header fields by name in lower case, one value for each time a field is there, as bytes (latin1) with their folds. */
export type RawFields = ReadonlyMap<string, readonly string[]>;

/** The fields that every head is made of. */
export const HEAD_FIELDS = [
	'from',
	'to',
	'cc',
	'subject',
	'date',
	'message-id',
	'auto-submitted',
] as const;

/**
 * Turns a fetched head into the summary of a message, as yet without attachments. Sender, recipients and subject are
 * read from the header fields themselves, since servers do not agree on what an ENVELOPE makes of them.
 *
 * @param charset that of the message's text, for raw bytes in the subject
 */
export function toSummary(
	head: FetchedHead,
	fields: RawFields,
	place: Omit<MessageReference, 'uid'>,
	charset = '',
): MessageSummary {
	const from = readSenders(textsOf(fields, 'from'));
	const to = readAddresses(textsOf(fields, 'to'));
	const autoSubmitted = readAutoSubmitted(firstOf(fields, 'auto-submitted'));
	return {
		account: place.account,
		mailbox: place.mailbox,
		uidValidity: place.uidValidity,
		uid: head.uid,
		messageId: firstOf(fields, 'message-id') || null,
		from: from.addresses,
		to: to.addresses,
		subject: toSubject(fields, charset),
		date: toIsoDate(new Date(firstOf(fields, 'date'))),
		receivedAt: toIsoDate(head.internalDate) ?? new Date(0).toISOString(),
		size: head.size ?? 0,
		attachments: [],
		...(autoSubmitted !== undefined && { autoSubmitted }),
		...(from.isAmbiguous && { ambiguousSender: true }),
		...((from.isCut || to.isCut) && { truncated: true }),
	};
}

/** The keyword of Auto-Submitted alone (RFC 3834, 5). */
export function readAutoSubmitted(value: string): string | undefined {
	return /^[a-z-]{1,40}/i.exec(value)?.[0].toLowerCase();
}

/** The recipients of copies: bare addresses. */
export function toCopies(fields: RawFields): readonly string[] {
	return readAddresses(textsOf(fields, 'cc')).addresses;
}

/** Most headers are plain ASCII. */
function toText(value: string): string {
	return isAscii(value) ? value : decodeRawHeader(Buffer.from(value, 'latin1'), '');
}

/** The first subject, as mail programs show it. */
export function toSubject(fields: RawFields, charset: string): string {
	return decodeHeaderValue(fields.get('subject')?.[0] ?? '', charset);
}

/** True when the subject holds raw bytes that are not UTF-8, so that it matters which charset they are in. */
export function isSubjectRaw(fields: RawFields): boolean {
	const subject = fields.get('subject')?.[0] ?? '';
	if (isAscii(subject)) return false;
	return subject.includes('\u001B') || !isUtf8(Buffer.from(subject, 'latin1'));
}

/** Whether a text is ASCII without the escapes that stateful charsets are made of. */
function isAscii(value: string): boolean {
	return /^[\t\r\n -~]*$/.test(value);
}

function textsOf(fields: RawFields, name: string): readonly string[] {
	return (fields.get(name) ?? []).map(toText);
}

function firstOf(fields: RawFields, name: string): string {
	return decodeHeaderValue(fields.get(name)?.[0] ?? '');
}

function toIsoDate(value: Date | string | undefined): string | null {
	return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : null;
}

/** Name of a header field (RFC 5322, 2.2). */
const NAME = /^([!-9;-~]+)[ \t]*$/;

/** Splits a header into its fields. Lines that are no field are left out. */
export function toRawFields(header: Buffer): RawFields {
	const fields = new Map<string, string[]>();
	// A first line that is indented continues nothing, and a byte order mark is no part of a name.
	const text = header.toString('latin1').replace(/^(?:\u00EF\u00BB\u00BF)?[ \t]*/, '');
	for (const line of linesOf(text)) {
		const colon = line.indexOf(':');
		const name = NAME.exec(line.slice(0, Math.max(0, colon)))?.[1]?.toLowerCase();
		if (name === undefined) continue;
		const value = line.slice(colon + 1);
		const values = fields.get(name);
		if (values === undefined) fields.set(name, [value]);
		else values.push(value);
	}
	return fields;
}

/** Lines with those that continue them (RFC 5322, 2.2.3). */
function* linesOf(text: string): Generator<string> {
	for (let start = 0; start < text.length;) {
		let end = text.indexOf('\n', start);
		while (end >= 0 && (text[end + 1] === ' ' || text[end + 1] === '\t'))
			end = text.indexOf('\n', end + 1);
		if (end < 0) end = text.length;
		yield text.slice(start, text[end - 1] === '\r' && end < text.length ? end - 1 : end);
		start = end + 1;
	}
}

/** The fields of a header by name in lower case; those of a repeated field are put one below the other, in order. */
export function toHeaderFields(header: Buffer): Readonly<Record<string, string>> {
	const values = [...toHeaderValues(toRawFields(header))];
	return Object.fromEntries(values.map(([name, lines]) => [name, lines.join('\n')]));
}

/** What hosts write for machines has no encoded words in it (RFC 8601, 2.2): decoding would give a sender words there. */
const UNDECODED = new Set(['authentication-results', 'arc-authentication-results']);

/** The values of a header, decoded (RFC 2047) and on one line. */
export function toHeaderValues(fields: RawFields): HeaderValues {
	return new Map(
		[...fields].map(([name, values]) => [
			name,
			values.map((value) =>
				UNDECODED.has(name) ? toOneLine(toText(value)) : decodeHeaderValue(value),
			),
		]),
	);
}
