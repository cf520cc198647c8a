/*
 * Bytes become the text that a person sees: transfer.ts undoes the encoding, charset.ts and shifted-charsets.ts the
 * characters, header-text.ts encoded words; html-text.ts and text-layout.ts lay HTML out in lines; visible.ts says whether
 * there is anything to see.
 */
import libmime from 'libmime';
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

/** Joins the lines of format=flowed; the library drops the end of the last line, which patterns may ask for. */
function unwrap(text: string, delSp: boolean): string {
	const unwrapped = libmime.decodeFlowed(delSp ? joinStuffedLines(text) : text, delSp);
	return text.endsWith('\n') && !unwrapped.endsWith('\n') ? `${unwrapped}\n` : unwrapped;
}

/**
 * Joins continued lines that are stuffed with a blank (RFC 3676, 4.4): with delsp the library would leave that blank.
 * A line that starts with `>` is a quote and goes on in a quote only.
 */
function joinStuffedLines(text: string): string {
	const lines = text.split(/\r?\n/);
	const goesOn = (index: number) => {
		const line = lines[index] ?? '';
		const isSoft = line.endsWith(' ') && line !== '-- ' && !line.startsWith('>');
		return isSoft && lines[index + 1]?.startsWith(' ') === true;
	};
	return lines
		.map((line, index) => {
			const content = goesOn(index - 1) ? line.slice(1) : line;
			if (goesOn(index)) return content.slice(0, -1);
			return index === lines.length - 1 ? content : `${content}\n`;
		})
		.join('');
}

function dropCutLine(bytes: Buffer): Buffer {
	const lastLineEnd = bytes.lastIndexOf(0x0a);
	return lastLineEnd >= 0 && bytes.length - lastLineEnd <= LONGEST_CUT_LINE
		? bytes.subarray(0, lastLineEnd + 1)
		: bytes;
}
