import libmime from 'libmime';
import { decodeRawHeader } from './decode';
import { toOneLine } from './head';

/** Name of a header field (RFC 5322, 2.2) and its value. */
const FIELD = /^([!-9;-~]+)[ \t]*:(.*)$/s;

/**
 * The fields of a header by name in lower case, each value decoded (RFC 2047) and on one line; those of a repeated field
 * are put one below the other, in order. Lines that are no field are left out.
 */
export function toHeaderFields(header: Buffer): Readonly<Record<string, string>> {
	const fields = new Map<string, string>();
	const text = decodeRawHeader(header, '').replace(/\r?\n(?=[ \t])/g, '');
	for (const line of text.split(/\r?\n/)) {
		const [, name, value] = FIELD.exec(line) ?? [];
		if (name === undefined || value === undefined) continue;
		const key = name.toLowerCase();
		const decoded = toOneLine(libmime.decodeWords(toOneLine(value)));
		const known = fields.get(key);
		fields.set(key, known === undefined ? decoded : `${known}\n${decoded}`);
	}
	return Object.fromEntries(fields);
}
