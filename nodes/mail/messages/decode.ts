import { isUtf8 } from 'node:buffer';
import libmime from 'libmime';
import { createDecodeStream, decode as decodeCharset } from 'libmime/lib/charset.js';
import { decode as decodeQuotedPrintable } from 'libqp';

/** How the bytes of a text are written (RFC 2045, RFC 3676). */
export interface TextEncoding {
	readonly encoding: string;
	readonly charset: string;
	readonly flowed: boolean;
	readonly delSp: boolean;
}

/** A cut text ends at its last whole line when that costs no more than this many bytes. */
const LONGEST_CUT_LINE = 8_192;
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF8_LABEL = /^(?:utf-?8|us-ascii|ascii|)$/;

/**
 * Decodes the bytes of a text part; never throws, whatever the labels say.
 *
 * Text labelled UTF-8 or US-ASCII, not labelled, or labelled with a charset nobody knows, is read as UTF-8 when it is
 * UTF-8 and as windows-1252 where it clearly is not, which mail without a usable label mostly is. A known label is believed. NUL
 * characters are dropped: mail may not hold them (RFC 5322, 4.1), and databases refuse them. Line ends stay as they are.
 *
 * @param truncated `bytes` is only the beginning; the part of a line, character or escape at the end is dropped
 */
export function decodeText(bytes: Buffer, how: TextEncoding, truncated = false): string {
	const decoded = decodeTransfer(bytes, how.encoding, truncated);
	const whole = truncated ? dropCutLine(decoded) : decoded;
	const text = decodeCharacters(whole, how.charset.trim().toLowerCase(), truncated);
	const clean = text.replace(/^\uFEFF/, '').replaceAll('\0', '');
	return how.flowed ? unwrap(clean, how.delSp) : clean;
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

function decodeTransfer(bytes: Buffer, encoding: string, truncated: boolean): Buffer {
	if (encoding === 'quoted-printable') {
		const text = bytes.toString('latin1');
		return decodeQuotedPrintable(truncated ? text.replace(/=[0-9A-Fa-f]?\r?$/, '') : text);
	}
	return encoding === 'base64' ? decodeBase64(bytes.toString('latin1')) : bytes;
}

/** Several encoded pieces may follow each other, each with its own padding; other characters are skipped (RFC 2045, 6.8). */
function decodeBase64(text: string): Buffer {
	const pieces = text.replace(/[^A-Za-z0-9+/=]+/g, '').split(/=+/);
	return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')));
}

function dropCutLine(bytes: Buffer): Buffer {
	const lastLineEnd = bytes.lastIndexOf(0x0a);
	return lastLineEnd >= 0 && bytes.length - lastLineEnd <= LONGEST_CUT_LINE
		? bytes.subarray(0, lastLineEnd + 1)
		: bytes;
}

/**
 * Decodes what stands unencoded in a header: UTF-8 (RFC 6532) where it is that, else the charset of the message's text, which is
 * what programs that send raw 8-bit headers mostly mean.
 */
export function decodeRawHeader(bytes: Buffer, charset: string): string {
	const label = charset.trim().toLowerCase();
	const isStateful = bytes.includes(0x1b);
	return isUtf8(bytes) && !isStateful
		? bytes.toString('utf8')
		: decodeCharacters(bytes, label, false);
}

function decodeCharacters(bytes: Buffer, label: string, truncated: boolean): string {
	const isMarked = bytes.subarray(0, UTF8_BOM.length).equals(UTF8_BOM);
	if (isMarked || UTF8_LABEL.test(label) || !createDecodeStream(label).supported) {
		return decodeUnlabelled(truncated ? dropCutCharacter(bytes) : bytes);
	}
	const text = decodeCharset(bytes, label);
	return truncated ? text.replace(/\uFFFD$/, '') : text;
}

/** One damaged byte does not make a UTF-8 text windows-1252: it is that when most of its 8-bit sequences are not UTF-8. */
function decodeUnlabelled(bytes: Buffer): string {
	const text = bytes.toString('utf8');
	if (isUtf8(bytes)) return text;
	const damaged = text.match(/\uFFFD/g)?.length ?? 0;
	const intact = text.match(/[^\p{ASCII}\uFFFD]/gu)?.length ?? 0;
	return intact > damaged ? text : decodeCharset(bytes, 'windows-1252');
}

/** Without the first bytes of a UTF-8 character whose last ones are missing (RFC 3629, 3). */
function dropCutCharacter(bytes: Buffer): Buffer {
	for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
		const byte = bytes[bytes.length - back] ?? 0;
		if (byte < 0x80) return bytes;
		if (byte >= 0xc0) return back < utf8Length(byte) ? bytes.subarray(0, -back) : bytes;
	}
	return bytes;
}

function utf8Length(leadByte: number): number {
	if (leadByte >= 0xf0) return 4;
	return leadByte >= 0xe0 ? 3 : 2;
}
