import libmime from 'libmime';
import type { RawFields } from './head';
import type { TextPart } from './structure';

/** Header fields that say how a part is written. */
export const PART_FIELDS = ['content-type', 'content-transfer-encoding'] as const;
/** Bytes of them that are read. */
export const PART_HEADER_LIMIT = 8_192;

/**
 * How a part is written, from its own header: servers say `us-ascii` and `7bit` where the header is silent, and where they do
 * not understand it.
 */
export function refinePart(part: TextPart, header: RawFields | undefined): TextPart {
	if (header === undefined || header.size === 0) return part;
	const type = header.get('content-type')?.[0];
	const encoding = header.get('content-transfer-encoding')?.[0];
	return {
		...part,
		charset: type === undefined ? '' : charsetOf(type),
		format: formatOf(type) ?? part.format,
		...(encoding !== undefined && { encoding: encoding.trim().toLowerCase() }),
	};
}

/** Of two types the first one counts, whichever the server takes. */
function formatOf(type = ''): TextPart['format'] | undefined {
	const subtype = /^\s*text\/(plain|html)\s*(?:[;(]|$)/i.exec(type)?.[1]?.toLowerCase();
	if (subtype === undefined) return undefined;
	return subtype === 'html' ? 'html' : 'text';
}

/** True where a header says that there are parts. */
export function saysMultipart(header: RawFields | undefined): boolean {
	return /^\s*multipart\//i.test(header?.get('content-type')?.[0] ?? '');
}

/** Also where it stands behind no semicolon. */
function charsetOf(type: string): string {
	const charset = parametersOf(type)['charset'];
	return charset ?? /[\s,]charset\s{0,10}=\s{0,10}"?([\w.:-]{1,40})/i.exec(type)?.[1] ?? '';
}

function parametersOf(type: string): Readonly<Record<string, string>> {
	return libmime.parseHeaderValue(type.replace(/[\r\n]+/g, ' ')).params;
}
