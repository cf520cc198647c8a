import libmime from 'libmime';
import { toRawFields } from './head';
import type { TextPart } from './structure';

/** Header fields that say how a part is written. */
export const PART_FIELDS = ['content-type', 'content-transfer-encoding'] as const;
/** Bytes of them that are read. */
export const PART_HEADER_LIMIT = 8_192;

/**
 * How a part is written, from its own header: servers say `us-ascii` and `7bit` where the header is silent, and where they do
 * not understand it.
 */
export function refinePart(part: TextPart, header: Buffer | false | undefined): TextPart {
	if (!Buffer.isBuffer(header) || header.length === 0) return part;
	const fields = toRawFields(header);
	const type = fields.get('content-type')?.[0];
	const encoding = fields.get('content-transfer-encoding')?.[0];
	return {
		...part,
		charset: type === undefined ? '' : (parametersOf(type)['charset'] ?? ''),
		...(encoding !== undefined && { encoding: encoding.trim().toLowerCase() }),
	};
}

/** True where a header says that there are parts. */
export function saysMultipart(header: Buffer | false | undefined): boolean {
	if (!Buffer.isBuffer(header)) return false;
	return /^\s*multipart\//i.test(toRawFields(header).get('content-type')?.[0] ?? '');
}

function parametersOf(type: string): Readonly<Record<string, string>> {
	return libmime.parseHeaderValue(type.replace(/[\r\n]+/g, ' ')).params;
}
