import { isUtf8 } from 'node:buffer';
import { createDecodeStream, decode as decodeKnown } from 'libmime/lib/charset.js';
import { decodeEucTw } from './euc-tw';
import { decodeHz, decodeIso2022 } from './shifted-charsets';

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF8_LABEL = /^(?:utf-?8|us-ascii|ascii|)$/;

/** Names that the library does not know. */
const ALIASES: Readonly<Record<string, string>> = {
	big5hk: 'big5-hkscs',
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

/** Character sets that the library does not know. */
const OWN: ReadonlyArray<readonly [RegExp, (bytes: Buffer, charset: string) => string]> = [
	[/^hz(?:-gb-2312)?$/, decodeHz],
	[/^(?:cs)?iso-?2022-?|^cp5022\d/, decodeIso2022],
	[/^(?:x-|cs)?euc-?tw$/, decodeEucTw],
];

/** Japanese in ISO 2022, as no other text has it: programs leave out the label, or write another one. */
const JAPANESE = ['\u001B$B', '\u001B$@'];

const MULTI_BYTE =
	/^(?:gb|cp9|ms9|windows-(?:31j|9)|x-sjis|s(?:hift)?[-_]?jis|big|euc|ks|korean|chinese)/;

/**
 * Decodes characters; never throws, whatever the label says. Without a label that anybody knows, and where it says UTF-8 or
 * US-ASCII, it is UTF-8 where it can be and windows-1252 where it clearly is not. A known label is believed, unless it names a
 * multi-byte character set that the bytes are not written in while they are UTF-8.
 *
 * @param truncated `bytes` is only the beginning; a cut character at its end is dropped
 */
export function decodeCharacters(bytes: Buffer, label: string, truncated = false): string {
	const charset = toCharset(label);
	const decodeOwn = OWN.find(([name]) => name.test(charset))?.[1];
	if (decodeOwn !== undefined) return toWellFormed(decodeOwn(bytes, charset));
	const isMarked = bytes.subarray(0, UTF8_BOM.length).equals(UTF8_BOM);
	if (isMarked || UTF8_LABEL.test(charset) || !createDecodeStream(charset).supported) {
		return decodeUnlabelled(truncated ? dropCutCharacter(bytes) : bytes);
	}
	const text = decodeKnown(bytes, charset);
	if (MULTI_BYTE.test(charset) && isRatherUtf8(bytes, text, charset, truncated)) {
		return (truncated ? dropCutCharacter(bytes) : bytes).toString('utf8');
	}
	return toWellFormed(truncated ? text.replace(/\uFFFD$/, '') : text);
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

/** So many characters of three bytes do not come about in another character set by chance. */
const CERTAIN_CHARACTERS = 3;

function isRatherUtf8(bytes: Buffer, text: string, charset: string, truncated: boolean): boolean {
	const whole = truncated ? dropCutCharacter(bytes) : bytes;
	if (!isUtf8(whole)) return false;
	const wide = whole.toString('utf8').match(/[\u0800-\uFFFF]/g)?.length ?? 0;
	// What does not decode: a replacement character, or one outside of the character set proper (GB 2312, EUC).
	const isWrong = text.includes('\uFFFD') || (charset === 'gb2312' && !isGb2312(whole));
	return wide > 0 && (isWrong || wide >= CERTAIN_CHARACTERS);
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
	const damaged = text.match(/\uFFFD/g)?.length ?? 0;
	const intact = text.match(/[^\p{ASCII}\uFFFD]/gu)?.length ?? 0;
	return intact > damaged ? text : decodeKnown(bytes, 'windows-1252');
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
