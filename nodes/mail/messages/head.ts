import libmime from 'libmime';
import type { FetchMessageObject, MessageAddressObject } from 'imapflow';
import type { MessageReference, MessageSummary, HeaderValues } from '../../core/message/message';
import { decodeRawHeader } from './decode';

/** What the head of a message is made of: one row of a FETCH. */
export type FetchedHead = Pick<FetchMessageObject, 'uid' | 'envelope' | 'internalDate' | 'size'>;

/** What Dovecot and c-client write where an address has no domain, as in the `From: root` of cron. */
const NO_DOMAIN = /@(?:MISSING_DOMAIN|\.MISSING-HOST-NAME\.)$/;
const NO_MAILBOX = /^(?:MISSING_MAILBOX)?(?:@|$)/;

/** Turns a fetched head (ENVELOPE, INTERNALDATE, RFC822.SIZE) into the summary of a message, as yet without attachments. */
export function toSummary(head: FetchedHead, place: Omit<MessageReference, 'uid'>): MessageSummary {
	const { envelope } = head;
	return {
		account: place.account,
		mailbox: place.mailbox,
		uidValidity: place.uidValidity,
		uid: head.uid,
		messageId: envelope?.messageId ?? null,
		from: toBareAddresses(envelope?.from),
		to: toBareAddresses(envelope?.to),
		subject: toOneLine(envelope?.subject ?? ''),
		date: toIsoDate(envelope?.date),
		receivedAt: toIsoDate(head.internalDate) ?? new Date(0).toISOString(),
		size: head.size ?? 0,
		attachments: [],
	};
}

/** Bare addresses in order; a group counts as its members, and an address without a mailbox is left out. */
export function toBareAddresses(
	addresses: readonly MessageAddressObject[] | undefined,
): readonly string[] {
	return (addresses ?? [])
		.map(({ address }) => (address ?? '').trim().replace(NO_DOMAIN, ''))
		.filter((address) => !NO_MAILBOX.test(address));
}

/** Unfolds a header value (RFC 5322, 2.2.3) and keeps it on one line, as mail programs show it. */
export function toOneLine(value: string): string {
	return value
		.replace(/\r?\n(?=[ \t])/g, '')
		.replace(/[\0\r\n\t]+/g, ' ')
		.trim();
}

/** True when a subject holds what decoding could not read, or an escape of ISO-2022 that nothing announced. */
export function isGarbled(subject: string): boolean {
	return subject.includes('\uFFFD') || subject.includes('\u001B');
}

const SUBJECT_FIELD = /^subject:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/im;

/** The subject from the bytes of the header fields; `charset` is that of the message's text. */
export function toRawSubject(header: Buffer, charset: string): string {
	const value = SUBJECT_FIELD.exec(decodeRawHeader(header, charset))?.[1] ?? '';
	return toOneLine(libmime.decodeWords(toOneLine(value)));
}

function toIsoDate(value: Date | string | undefined): string | null {
	return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : null;
}

/** Name of a header field (RFC 5322, 2.2) and its value. */
const FIELD = /^([!-9;-~]+)[ \t]*:(.*)$/s;

/** The fields of a header by name in lower case; those of a repeated field are put one below the other, in order. */
export function toHeaderFields(header: Buffer): Readonly<Record<string, string>> {
	const values = [...toHeaderValues(header)];
	return Object.fromEntries(values.map(([name, lines]) => [name, lines.join('\n')]));
}

/**
 * The values of a header by name of the field in lower case, one for each time it is there, in order: decoded (RFC 2047)
 * and on one line. Lines that are no field are left out.
 */
export function toHeaderValues(header: Buffer): HeaderValues {
	const fields = new Map<string, string[]>();
	const text = decodeRawHeader(header, '').replace(/\r?\n(?=[ \t])/g, '');
	for (const line of text.split(/\r?\n/)) {
		const [, name, value] = FIELD.exec(line) ?? [];
		if (name === undefined || value === undefined) continue;
		const key = name.toLowerCase();
		const values = fields.get(key) ?? [];
		values.push(toOneLine(libmime.decodeWords(toOneLine(value))));
		fields.set(key, values);
	}
	return fields;
}
