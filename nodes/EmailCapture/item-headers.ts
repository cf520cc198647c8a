import { isRecord } from '../core/is-record';
import type { HeaderValues } from '../core/message/message';
import { toHeaderValues, toRawFields } from '../mail/messages/head';

/**
 * Header fields as the nodes of n8n put them out: an object of values or of whole lines, Microsoft Graph's list of
 * `{ name, value }`, or the text of the header.
 */
export function readHeaderValues(value: unknown): { readonly headers?: HeaderValues } {
	const lines = toLines(value);
	if (lines === undefined) return {};
	return { headers: toHeaderValues(toRawFields(Buffer.from(lines.join('\r\n')))) };
}

function toLines(value: unknown): readonly string[] | undefined {
	if (typeof value === 'string') return value.trim() === '' ? undefined : [value];
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
	const isWhole = text.toLowerCase().startsWith(`${name.toLowerCase()}:`);
	const line = isWhole ? text : `${name}: ${text}`;
	return line.replace(/\r?\n(?![ \t])/g, ' ');
}
