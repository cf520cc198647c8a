/*
 * Bytes become the text that a person sees: transfer.ts undoes the encoding, charset.ts and shifted-charsets.ts the
 * characters, header-text.ts encoded words; html-text.ts and text-layout.ts lay HTML out in lines; visible.ts says whether
 * there is anything to see.
 */
import { decodeCharacters, toWellFormed } from './charset';
import { decodeTransfer } from './transfer';

/** How the bytes of a text are written (RFC 2045, RFC 3676). */
export interface TextEncoding {
	readonly format?: 'text' | 'html';
	readonly encoding: string;
	readonly charset: string;
	readonly flowed: boolean;
	readonly delSp: boolean;
}

/** A cut text ends at its last whole line when that costs no more than this many bytes. */
const LONGEST_CUT_LINE = 8_192;

/**
 * Decodes the bytes of a text part; never throws, whatever the labels say: see `decodeCharacters`. HTML without a charset in
 * its header may name one itself.
 *
 * NUL characters are dropped: mail may not hold them (RFC 5322, 4.1), and databases refuse them. Line ends stay as they are.
 *
 * @param truncated `bytes` is only the beginning; the part of a line, character or escape at the end is dropped
 */
export function decodeText(bytes: Buffer, how: TextEncoding, truncated = false): string {
	const decoded = decodeTransfer(bytes, how.encoding, truncated);
	const whole = truncated ? dropCutLine(decoded) : decoded;
	// Servers say US-ASCII where the header is silent.
	const isSilent = SILENT.has(how.charset.trim().toLowerCase()) && how.format === 'html';
	const text = decodeCharacters(whole, isSilent ? charsetOfHtml(whole) : how.charset, truncated);
	const clean = text.replace(/^\uFEFF/, '').replaceAll('\0', '');
	return toWellFormed(how.flowed ? unwrap(clean, how.delSp) : clean);
}

const SILENT = new Set(['', 'us-ascii']);
/** Where the HTML Standard looks for a charset (13.2.3.2), and a little beyond. */
const HTML_HEAD_LENGTH = 2048;
const META = /<meta\s[^>]{0,500}/gi;
const CHARSET = /charset\s{0,10}=\s{0,10}["']?\s{0,10}([\w.:-]{1,40})/i;
const XML_DECLARATION = /^\s{0,100}<\?xml\s[^>]{0,200}?encoding=["']([\w.:-]{1,40})/i;

/** The charset that HTML names itself: in `<meta charset>`, `<meta http-equiv>` or the declaration of XML. */
function charsetOfHtml(bytes: Buffer): string {
	const head = bytes.subarray(0, HTML_HEAD_LENGTH).toString('latin1');
	const named = (head.match(META) ?? []).map((meta) => CHARSET.exec(meta)?.[1]);
	const charset = XML_DECLARATION.exec(head)?.[1] ?? named.find((name) => name !== undefined) ?? '';
	// What could be read so far is no UTF-16 (13.2.3.5).
	return /^utf-?16/i.test(charset) ? 'utf-8' : charset;
}

/** Joins the lines of format=flowed (RFC 3676, 4): those that end in a blank go on in the next one of the same depth. */
function unwrap(text: string, delSp: boolean): string {
	const done: string[] = [];
	let open: { readonly depth: number; readonly text: string } | undefined;
	for (const line of text.split(/\r?\n/)) {
		const { depth, mark, content, goesOn, isSignature } = readFlowedLine(line, delSp);
		if (open !== undefined && (open.depth !== depth || isSignature)) {
			done.push(open.text);
			open = undefined;
		}
		const start = open?.text ?? mark;
		open = goesOn ? { depth, text: start + content } : undefined;
		if (!goesOn) done.push(start + content);
	}
	if (open !== undefined) done.push(open.text);
	return done.join('\n');
}

function readFlowedLine(line: string, delSp: boolean) {
	const depth = /^>*/.exec(line)?.[0].length ?? 0;
	const content = line.slice(depth).replace(/^ /, '');
	const mark = depth > 0 && content !== '' ? `${'>'.repeat(depth)} ` : '>'.repeat(depth);
	const isSignature = content === '-- ';
	const goesOn = content.endsWith(' ') && !isSignature;
	return {
		depth,
		content: goesOn && delSp ? content.slice(0, -1) : content,
		mark,
		goesOn,
		isSignature,
	};
}

function dropCutLine(bytes: Buffer): Buffer {
	const lastLineEnd = bytes.lastIndexOf(0x0a);
	return lastLineEnd >= 0 && bytes.length - lastLineEnd <= LONGEST_CUT_LINE
		? bytes.subarray(0, lastLineEnd + 1)
		: bytes;
}
