import { isRecord } from '../core/is-record';
import type { HeaderValues } from '../core/message/message';
import { toHeaderValues, toRawFields } from '../mail/messages/head';
import type { RawFields } from '../mail/messages/head';

/** Characters of an item's header that are read: what the triggers read of a header at most. */
export const MAX_HEADER_LENGTH = 131_072;

/**
 * Header fields as the nodes of n8n put them out: an object of values or of whole lines, Microsoft Graph's list of
 * `{ name, value }`, or the text of the header.
 */
export function readHeaderValues(value: unknown): { readonly headers?: HeaderValues } {
	const fields = readRawFields(value);
	return fields === undefined ? {} : { headers: toHeaderValues(fields) };
}

/** The fields of a header as bytes, where the item holds a header. */
export function readRawFields(value: unknown): RawFields | undefined {
	const lines = toLines(value);
	if (lines === undefined) return undefined;
	const kept: Buffer[] = [];
	let length = 0;
	for (const line of lines) {
		length += line.length;
		if (length > MAX_HEADER_LENGTH) break;
		kept.push(toBytes(line), LINE_END);
	}
	return toRawFields(Buffer.concat(kept));
}

const LINE_END = Buffer.from('\r\n');

/** mailparser gives the bytes of a header as characters, one for each; other nodes give decoded text. */
function toBytes(line: string): Buffer {
	return Buffer.from(line, /[\u0100-\uFFFF]/.test(line) ? 'utf8' : 'latin1');
}

function toLines(value: unknown): readonly string[] | undefined {
	if (typeof value === 'string') {
		return value.trim() === '' ? undefined : [value.slice(0, MAX_HEADER_LENGTH)];
	}
	if (Array.isArray(value)) {
		return value.filter(isRecord).map(({ name, value: text }) => toLine(String(name), text));
	}
	if (!isRecord(value)) return undefined;
	return Object.entries(value).flatMap(([name, texts]) =>
		(Array.isArray(texts) ? texts : [texts]).map((text) => toLine(name, text)),
	);
}

/** The Gmail node and Email Trigger (IMAP) put the whole line under the name. */
function toLine(name: string, value: unknown): string {
	const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
	const line = isWholeLine(name, text) ? text : `${name}: ${text}`;
	return line.replace(/\r?\n(?![ \t])/g, ' ');
}

/** True for a header line under its own name, as it came with the mail. */
export function isWholeLine(name: string, text: unknown): text is string {
	if (typeof text !== 'string') return false;
	const start = text.slice(0, name.length + 100).toLowerCase();
	return start.startsWith(name.toLowerCase()) && /^[ \t]*:/.test(start.slice(name.length));
}
