import { isUtf8 } from 'node:buffer';
import { decodeCharacters } from './charset';
import { toOneLine } from './one-line';
import { decodeBase64 } from './transfer';

/**
 * The text of a header value (RFC 2047), on one line. Its bytes may be raw ones, also within encoded words, which is against the
 * RFCs and common.
 *
 * @param value one character for each byte (latin1)
 * @param charset what raw bytes are in that are not UTF-8: the charset of the message's text, mostly
 */
export function decodeHeaderValue(value: string, charset = ''): string {
	if (PLAIN.test(value) && !value.includes('=?')) return value.trim();
	const line = unfold(value);
	if (!/[\u0080-\u00FF]|=\?/.test(line) && !line.includes('\u001B')) return toOneLine(line);
	const texts: string[] = [];
	let open: EncodedWord | undefined;
	let from = 0;
	const flush = (): void => {
		if (open !== undefined) texts.push(decodeCharacters(open.bytes, open.charset));
		open = undefined;
	};
	for (const word of encodedWords(line)) {
		const between = line.slice(from, word.start);
		from = word.end;
		// Blanks between two encoded words are no part of the text (RFC 2047, 6.2), and a character may be cut in two.
		const isAdjacent = open !== undefined && between.trim() === '';
		if (isAdjacent && open?.charset === word.charset) {
			open = { ...word, bytes: Buffer.concat([open.bytes, word.bytes]) };
			continue;
		}
		flush();
		if (!isAdjacent) texts.push(decodeRaw(between, charset));
		open = word;
	}
	flush();
	texts.push(decodeRaw(line.slice(from), charset));
	return toOneLine(texts.join('').replaceAll('\uFEFF', ''));
}

/** Printable ASCII on one line, as most values are. */
const PLAIN = /^[ -~]*$/;

/** Unfolds (RFC 5322, 2.2.3), so that what was cut in two by a fold is one. */
function unfold(value: string): string {
	return value.replace(/\r?\n(?=[ \t])/g, '');
}

/**
 * Decodes what stands unencoded in a header: UTF-8 (RFC 6532) where it is that, else the charset of the message's text, which is
 * what programs that send raw 8-bit headers mostly mean.
 */
export function decodeRawHeader(bytes: Buffer, charset: string): string {
	const isStateful = bytes.includes(0x1b);
	return isUtf8(bytes) && !isStateful ? bytes.toString('utf8') : decodeCharacters(bytes, charset);
}

function decodeRaw(text: string, charset: string): string {
	return text === '' ? '' : decodeRawHeader(Buffer.from(text, 'latin1'), charset);
}

interface EncodedWord {
	readonly start: number;
	readonly end: number;
	/** In lower case, without a language (RFC 2231, 5). */
	readonly charset: string;
	readonly bytes: Buffer;
}

const WORD_START = /=\?([^\s?]{1,80})\?([bq])\?/gi;

function* encodedWords(line: string): Generator<EncodedWord> {
	let from = 0;
	for (const { 0: opening, 1: label = '', 2: encoding = '', index } of line.matchAll(WORD_START)) {
		if (index < from) continue;
		const start = index + opening.length;
		const end = line.indexOf('?=', start);
		// What is not closed here is not closed behind it either.
		if (end < 0) return;
		const content = line.slice(start, end);
		const bytes = encoding.toLowerCase() === 'b' ? decodeBase64(content) : decodeQ(content);
		from = end + 2;
		const [charset = ''] = label.toLowerCase().split('*', 1);
		yield { start: index, end: from, charset, bytes };
	}
}

function decodeQ(text: string): Buffer {
	const latin1 = text
		.replaceAll('_', ' ')
		.replace(/=([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
	return Buffer.from(latin1, 'latin1');
}
