import type { MessageStructureObject } from 'imapflow';
import libmime from 'libmime';
import { DEFAULT_LIMITS } from '../limits';
import { decodeHeaderValue } from '../text/header-text';
import { toRawFields } from './head';
import type { RawFields } from './head';
import { PART_HEADER_LIMIT } from './part-header';

/** A part of a message: its header, and what stands behind that in transfer encoding. */
export interface MimePart {
	readonly header: RawFields;
	readonly content: Buffer;
}

/** A message that was taken apart here, since no server did or could: told of as a server does. */
export interface MimeTree {
	readonly header: RawFields;
	readonly structure: MessageStructureObject;
	/** Parts by the sections of a FETCH. */
	readonly parts: ReadonlyMap<string, MimePart>;
}

/** Bytes of one header that are read. */
const HEADER_LIMIT = 131_072;
/** Lines that may stand between parts. */
const MAX_BORDERS = 20_000;
/** A boundary has 70 characters at most (RFC 2046, 5.1.1), and programs have more. */
const MAX_BORDER_LENGTH = 300;

/** A line that may stand between two parts. */
interface Border {
	readonly start: number;
	readonly end: number;
	/** Without blanks behind it. */
	readonly line: string;
}

interface Range {
	readonly start: number;
	readonly end: number;
	/** The borders within. */
	readonly borders: readonly Border[];
}

/**
 * Takes a message apart (RFC 2046, 5.1). A header ends where a text begins, also without the empty line between them, and
 * a boundary is the one that is used, whichever the header names.
 */
export function parseMime(message: Buffer): MimeTree {
	const source = withLineFeeds(message);
	const parts = new Map<string, MimePart>();
	let left = DEFAULT_LIMITS.parts;
	const read = (range: Range, path: string, depth: number): MessageStructureObject => {
		left -= 1;
		const { lines, textStart } = readHeader(source.subarray(range.start, range.end), path === '');
		const header = toRawFields(Buffer.from(lines.join(''), 'latin1'));
		const start = range.start + textStart;
		const content = source.subarray(start, range.end);
		const node = toNode(header, content.length);
		const within = range.borders.filter((border) => border.start >= start);
		const isRead = node.type.startsWith('multipart/') && depth < DEFAULT_LIMITS.depth;
		const ranges = isRead
			? splitParts(
					source,
					{ start, end: range.end, borders: within },
					node.parameters?.['boundary'],
				)
			: [];
		const childNodes = ranges
			.slice(0, Math.max(0, left))
			.map((child, index) => read(child, path + (path && '.') + String(index + 1), depth + 1));
		const isRoot = path === '';
		parts.set(isRoot ? 'TEXT' : path, { header, content });
		if (isRoot && childNodes.length === 0) parts.set('1', { header, content });
		return {
			...node,
			...(!isRoot && { part: path }),
			...(childNodes.length > 0 && { childNodes }),
		};
	};
	const structure = read({ start: 0, end: source.length, borders: findBorders(source) }, '', 1);
	return { header: parts.get('TEXT')?.header ?? new Map<string, string[]>(), structure, parts };
}

/** With line feeds for carriage returns, where nothing else ends a line. */
function withLineFeeds(message: Buffer): Buffer {
	if (message.includes('\n') || !message.includes('\r')) return message;
	return Buffer.from(message.toString('latin1').replaceAll('\r', '\n'), 'latin1');
}

function findBorders(source: Buffer): readonly Border[] {
	const borders: Border[] = [];
	let start = source.subarray(0, 2).toString('latin1') === '--' ? 0 : source.indexOf('\n--') + 1;
	while (borders.length < MAX_BORDERS && source.subarray(start, start + 2).toString() === '--') {
		const end = lineEndOf(source, start);
		if (end - start <= MAX_BORDER_LENGTH)
			borders.push({ start, end, line: source.toString('latin1', start, end).trimEnd() });
		// The line end before the next border may be that of this one.
		const next = source.indexOf('\n--', end - 1);
		if (next < 0) break;
		start = next + 1;
	}
	return borders;
}

/** Behind the line end. */
function lineEndOf(source: Buffer, start: number): number {
	const found = source.indexOf('\n', start);
	return found < 0 ? source.length : found + 1;
}

function splitParts(source: Buffer, range: Range, declared = ''): readonly Range[] {
	const line = `--${boundaryOf(source, range, declared) ?? ''}`;
	const ranges: Range[] = [];
	let open: { start: number; borders: Border[] } | undefined;
	const close = (end: number): void => {
		if (open !== undefined) ranges.push({ ...open, end: Math.max(open.start, end) });
		open = undefined;
	};
	for (const border of line === '--' ? [] : range.borders) {
		const isEnd = border.line === `${line}--`;
		if (border.line !== line && !isEnd) {
			open?.borders.push(border);
			continue;
		}
		close(withoutLineEnd(source, border.start));
		if (isEnd) break;
		open = { start: border.end, borders: [] };
	}
	close(range.end);
	return ranges;
}

/** The line end in front of a border belongs to that (RFC 2046, 5.1.1). */
function withoutLineEnd(source: Buffer, end: number): number {
	return end >= 2 && source[end - 2] === 0x0d ? end - 2 : end - 1;
}

/** The boundary that the header names, or else the one behind which a part begins. */
function boundaryOf(source: Buffer, { borders }: Range, declared: string): string | undefined {
	if (declared !== '' && borders.some(({ line }) => line === `--${declared}`)) return declared;
	const used = borders.find(({ end }) =>
		PART_FIELD.test(source.toString('latin1', end, end + MAX_BORDER_LENGTH)),
	);
	return used?.line.slice(2);
}

/** Names of fields as programs write them; anything else is the text. */
const FIELD = /^[A-Za-z][\w.-]*[ \t]*:/;
/** What only the header of a part has a use for (RFC 2046, 5.1). */
const PART_FIELD = /^(?:content|mime|x)-[\w-]{1,60}[ \t]*:/i;

interface ReadHeader {
	readonly lines: readonly string[];
	/** Where the text begins. */
	readonly textStart: number;
}

/**
 * Reads a header up to the empty line. Where that is missing the text begins with what is no field, in a part with what is
 * no field of a part.
 */
function readHeader(bytes: Buffer, isRoot: boolean): ReadHeader {
	const lines: string[] = [];
	let at = isRoot ? startOf(bytes) : 0;
	/** Lines that are fields of a part, and where they end. */
	const ofPart = { count: 0, end: 0 };
	while (at < bytes.length && at < HEADER_LIMIT) {
		const end = lineEndOf(bytes, at);
		const line = bytes.toString('latin1', at, end);
		if (line.trim() === '') return { lines, textStart: end };
		const kept = toHeaderLine(line, lines.at(-1));
		if (kept === undefined) break;
		lines.push(kept);
		const isOfPart = PART_FIELD.test(kept) || (at > 0 && /^[ \t]/.test(kept));
		if (isOfPart && ofPart.end === at) Object.assign(ofPart, { count: lines.length, end });
		at = end;
	}
	if (isRoot) return { lines, textStart: at };
	return { lines: lines.slice(0, ofPart.count), textStart: ofPart.end };
}

/** A line of a header; one with a parameter of the field before it is folded. Undefined for a line that is text. */
function toHeaderLine(line: string, previous = ''): string | undefined {
	if (/^[ \t]/.test(line) || FIELD.test(line)) return line;
	return /^[\w*-]+=/.test(line) && /;\s*$/.test(previous) ? ` ${line}` : undefined;
}

/** Behind a byte order mark, and the line that mailbox files begin with. */
function startOf(bytes: Buffer): number {
	const start = bytes.subarray(0, 3).toString('latin1') === '\u00EF\u00BB\u00BF' ? 3 : 0;
	const isEnvelope = bytes.toString('latin1', start, start + 5) === 'From ';
	return isEnvelope ? lineEndOf(bytes, start) : start;
}

/** What stands in the header of a part behind its last field, where the line between it and the text is missing. */
export function textWithinHeader(header: Buffer): Buffer | undefined {
	const { textStart } = readHeader(header, false);
	return textStart < header.length ? header.subarray(textStart) : undefined;
}

function toNode(header: RawFields, size: number): MessageStructureObject {
	const type = parseValue(header, 'content-type');
	const disposition = parseValue(header, 'content-disposition');
	const id = header.get('content-id')?.[0]?.trim();
	return {
		type: type.value.toLowerCase() || 'text/plain',
		parameters: type.params,
		encoding: header.get('content-transfer-encoding')?.[0]?.trim().toLowerCase() ?? '',
		size,
		...(id !== undefined && { id }),
		...(disposition.value !== '' && {
			disposition: disposition.value.toLowerCase(),
			dispositionParameters: disposition.params,
		}),
	};
}

interface ParsedValue {
	readonly value: string;
	readonly params: Record<string, string>;
}

/** A value and its parameters, names of files decoded (RFC 2231, RFC 2047). */
function parseValue(header: RawFields, name: string): ParsedValue {
	const given = (header.get(name)?.[0] ?? '').slice(0, PART_HEADER_LIMIT).replace(/[\r\n]+/g, ' ');
	const { value, params, decodedParams } = libmime.parseHeaderValue(given);
	const decoded = Object.entries(params).map(([key, text]) => [
		key,
		decodedParams.includes(key) ? text : decodeHeaderValue(text),
	]);
	return { value: value.trim(), params: Object.fromEntries(decoded) as Record<string, string> };
}
