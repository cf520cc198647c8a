import libmime from 'libmime';
import type { HeaderValues } from '../core/message';
import { decodeRawHeader } from './decode';
import { toOneLine } from './head';

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
