import { isUtf8 } from 'node:buffer';
import { createDecodeStream, decode as decodeKnown } from 'libmime/lib/charset.js';
import { decodeEucTw } from './euc-tw';
import { decodeHz, decodeIso2022 } from './shifted-charsets';

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** What says UTF-8, US-ASCII, or nothing: names of encodings, and what Ruby and databases write. */
const UTF8_LABEL =
	/^(?:utf-?8|(?:us-)?ascii(?:-8bit)?|us|iso646-us|iso-ir-6|ansi_x3\.4.*|(?:cp|ibm)367|csascii|binary|)$/;

/** Names that the library does not know. */
const ALIASES: Readonly<Record<string, string>> = {
	big5hk: 'big5-hkscs',
	'cn-gb': 'gb2312',
	'iso-10646-ucs-2': 'utf-16',
	'ucs-2': 'utf-16',
	ucs2: 'utf-16',
	unicode: 'utf-16',
	ujis: 'euc-jp',
	uhc: 'cp949',
	'x-uhc': 'cp949',
	// The ISO 8859 of a Latin alphabet by its number.
	latin5: 'iso-8859-9',
	latin6: 'iso-8859-10',
	latin7: 'iso-8859-13',
	latin8: 'iso-8859-14',
	latin9: 'iso-8859-15',
	latin10: 'iso-8859-16',
};

/** Names that are written in more ways than a table has room for. */
const SPELLINGS: ReadonlyArray<readonly [RegExp, string]> = [
	[/^(?:iso)?[-_ ]?8859[-_ ]?(\d\d?)$/, 'iso-8859-'],
	[/^latin[-_ ](\d\d?)$/, 'latin'],
];

const ISO_2022 = /^(?:cs)?iso-?2022-?|^cp5022\d/;

/** Character sets that the library does not know. */
const OWN: ReadonlyArray<readonly [RegExp, (bytes: Buffer, charset: string) => string]> = [
	[/^hz(?:-gb-2312)?$/, decodeHz],
	[ISO_2022, decodeIso2022],
	[/^(?:x-|cs)?euc-?tw$/, decodeEucTw],
];

/** Japanese in ISO 2022, as no other text has it: programs leave out the label, or write another one. */
const JAPANESE = ['\u001B$B', '\u001B$@'];

const MULTI_BYTE =
	/^(?:x-|cs)?(?:gb|cp9|ms9|ms_?kanji|windows-(?:31j|9)|s(?:hift)?[-_]?jis|shiftjis|big|euc|ks|hkscs|korean|chinese|iso-ir-149)/;
const UTF_16 = /^utf-?16/;

/**
 * Decodes characters; never throws, whatever the label says. Without a label that anybody knows, and where it says UTF-8 or
 * US-ASCII, it is UTF-8 where it can be and windows-1252 where it clearly is not. A known label is believed, unless the bytes are
 * UTF-8 and hardly anything else: programs write the charset of their system over a text that is in UTF-8.
 *
 * @param truncated `bytes` is only the beginning; a cut character at its end is dropped
 */
export function decodeCharacters(bytes: Buffer, label: string, truncated = false): string {
	const charset = toCharset(label);
	const whole = truncated ? dropCutCharacter(bytes) : bytes;
	const isMarked = bytes.subarray(0, UTF8_BOM.length).equals(UTF8_BOM);
	if (isMarked || !isKnown(charset)) return decodeUnlabelled(whole);
	if (!isUtf8(whole)) return decodeAs(charset, bytes, truncated);
	if (isNever(charset, whole)) return whole.toString('utf8');
	const text = decodeAs(charset, bytes, truncated);
	return isRatherUtf8(whole, text, charset) ? whole.toString('utf8') : text;
}

function isKnown(charset: string): boolean {
	if (UTF8_LABEL.test(charset)) return false;
	return ownDecoderOf(charset) !== undefined || createDecodeStream(charset).supported;
}

function ownDecoderOf(charset: string) {
	return OWN.find(([name]) => name.test(charset))?.[1];
}

function decodeAs(charset: string, bytes: Buffer, truncated: boolean): string {
	const decodeOwn = ownDecoderOf(charset);
	if (decodeOwn !== undefined) return toWellFormed(decodeOwn(bytes, charset));
	const text = decodeKnown(bytes, charset);
	return toWellFormed(truncated ? text.replace(/\uFFFD$/, '') : text);
}

/** True for what cannot be in the charset: UTF-16 without a NUL in any of its line ends, ISO 2022 with 8-bit characters. */
function isNever(charset: string, bytes: Buffer): boolean {
	if (UTF_16.test(charset)) return !bytes.includes(0);
	return ISO_2022.test(charset) && !bytes.includes(0x1b) && bytes.some((byte) => byte > 0x7f);
}

function toCharset(label: string): string {
	// RFC 2231 lets a language follow; programs leave quotes and separators around it.
	const given = label
		.slice(0, 100)
		.trim()
		.toLowerCase()
		.replace(/\([^()]*\)/g, '')
		.replace(/^[\s"']+/, '');
	const [first = ''] = given.split(/["';*]/, 1);
	const name = SPELLINGS.reduce(
		(spelt, [pattern, start]) => spelt.replace(pattern, (_, number: string) => start + number),
		first.trim(),
	);
	return (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined) ?? name;
}

/** So many characters of several bytes do not come about in another character set by chance. */
const CERTAIN_CHARACTERS = 3;
/** In UTF-8, and as the charsets of Western Europe show its bytes: nobody writes that. */
const [SMALL_O, SMALL_O_IN_LATIN_1] = [Buffer.from('ö'), 'Ã¶'];

/** @param bytes valid UTF-8; `text` is what the label makes of them */
function isRatherUtf8(bytes: Buffer, text: string, charset: string): boolean {
	if (ISO_2022.test(charset)) return false;
	const characters = bytes.toString('utf8');
	if (!MULTI_BYTE.test(charset)) return isNoSingleByte(characters, charset);
	const wide = characters.match(/[\u0800-\uFFFF]/g)?.length ?? 0;
	// What does not decode: a replacement character, or one outside of the character set proper (GB 2312, EUC).
	const isWrong = text.includes('\uFFFD') || (charset === 'gb2312' && !isGb2312(bytes));
	return wide > 0 && (isWrong || wide >= CERTAIN_CHARACTERS);
}

function isNoSingleByte(characters: string, charset: string): boolean {
	const count = characters.match(/\P{ASCII}/gu)?.length ?? 0;
	const isWestern = count > 0 && decodeKnown(SMALL_O, charset) === SMALL_O_IN_LATIN_1;
	return isWestern || count >= CERTAIN_CHARACTERS;
}

function isGb2312(bytes: Buffer): boolean {
	for (let at = 0; at < bytes.length; at += 1) {
		if ((bytes[at] ?? 0) < 0x80) continue;
		if ((bytes[at] ?? 0) < 0xa1 || (bytes[at + 1] ?? 0) < 0xa1) return false;
		at += 1;
	}
	return true;
}

/** One damaged byte does not make a UTF-8 text windows-1252: it is that when most of its 8-bit sequences are not UTF-8. */
function decodeUnlabelled(bytes: Buffer): string {
	if (JAPANESE.some((escape) => bytes.includes(escape))) return decodeIso2022(bytes, 'iso-2022-jp');
	const text = bytes.toString('utf8');
	if (isUtf8(bytes)) return text;
	const joined = joinSurrogates(bytes);
	if (joined !== undefined) return decodeUnlabelled(joined);
	const damaged = text.match(/\uFFFD+/g)?.length ?? 0;
	const intact = text.match(/[^\p{ASCII}\uFFFD]/gu)?.length ?? 0;
	return intact > damaged ? text : decodeKnown(bytes, 'windows-1252');
}

/** Half a character and the other half, each written as a character (CESU-8, Unicode Technical Report 26). */
const SURROGATES =
	/\u00ED([\u00A0-\u00AF])([\u0080-\u00BF])\u00ED([\u00B0-\u00BF])([\u0080-\u00BF])/g;

/** In UTF-8 what Java programs and databases write in CESU-8; undefined where there is none. */
function joinSurrogates(bytes: Buffer): Buffer | undefined {
	const given = bytes.toString('latin1');
	const joined = given.replace(SURROGATES, (_, ...units: readonly string[]) => {
		const [a = 0, b = 0, c = 0, d = 0] = units.slice(0, 4).map((unit) => unit.charCodeAt(0) & 0x3f);
		const codePoint = 0x1_0000 + (((a & 0x0f) << 16) | (b << 10) | ((c & 0x0f) << 6) | d);
		return Buffer.from(String.fromCodePoint(codePoint)).toString('latin1');
	});
	return joined === given ? undefined : Buffer.from(joined, 'latin1');
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

/** Half a character (a lone surrogate) is none: databases and JSON readers refuse it. */
export function toWellFormed(text: string): string {
	return /\p{Surrogate}/u.test(text) ? Buffer.from(text, 'utf8').toString('utf8') : text;
}
