import { isUtf8 } from 'node:buffer';
import { decode as decodeQuotedPrintable } from 'libqp';

/**
 * Takes off the transfer encoding (RFC 2045, 6; uuencode as POSIX has it); one that nobody knows changes nothing.
 *
 * @param truncated `bytes` is only the beginning; an escape that is cut off at its end is dropped
 */
export function decodeTransfer(bytes: Buffer, encoding: string, truncated = false): Buffer {
	switch (toEncoding(encoding)) {
		case 'quoted-printable': {
			const text = bytes.toString('latin1');
			return decodeQuotedPrintable(truncated ? text.replace(/=[0-9A-Fa-f]?\r?$/, '') : text);
		}
		case 'base64': {
			const text = bytes.toString('latin1');
			return decodeBase64Text(text) ?? bytes;
		}
		case 'uuencode':
			return decodeUuencode(bytes.toString('latin1')) ?? bytes;
		default:
			return bytes;
	}
}

type Encoding = 'base64' | 'quoted-printable' | 'uuencode';

/** What programs call an encoding, without comments, quotes and separators. */
const NAMES: ReadonlyArray<readonly [RegExp, Encoding]> = [
	[/base64|^b$/, 'base64'],
	[/quoted|printable|^qp?$/, 'quoted-printable'],
	[/^x?uu(?:e|encode)?$/, 'uuencode'],
];

function toEncoding(given: string): Encoding | undefined {
	const name = given
		.slice(0, 100)
		.toLowerCase()
		.replace(/\([^()]*\)/g, '')
		.replace(/[^a-z\d]/g, '');
	return NAMES.find(([pattern]) => pattern.test(name))?.[1];
}

/** A word, and no base64: it is short, and makes nothing that could be read. */
const MAX_WORD = 76;

/** Undefined for what is no base64. */
function decodeBase64Text(text: string): Buffer | undefined {
	const { encoded, footer } = splitFooter(text);
	const standard = isUrlSafe(encoded) ? toStandard(encoded) : encoded;
	if (!isBase64(standard)) return undefined;
	const decoded = decodeBase64(standard);
	const word = encoded.trim();
	const isWord = word.length <= MAX_WORD && !/\s/.test(word);
	if (isWord && (word.length < 3 || decoded.some(isNeverWritten))) return undefined;
	return footer === '' ? decoded : Buffer.concat([decoded, Buffer.from(`\n${footer}`, 'latin1')]);
}

const BASE64_LINE = /^[A-Za-z0-9+/]{4,}={0,2}$/;

/** What a mailing list or a scanner writes behind it: words behind its padding or an empty line. */
function splitFooter(text: string): { readonly encoded: string; readonly footer: string } {
	const lines = text.split(/\r?\n/);
	const isEncoded = (line: string): boolean => line === '' || BASE64_LINE.test(line);
	const start = lines.findIndex((line) => !isEncoded(line.trim()));
	const before = lines[start - 1]?.trim() ?? '';
	const rest = lines.slice(start);
	const isFooter =
		start > 0 &&
		(before === '' || before.endsWith('=')) &&
		lines.slice(0, start).some((line) => line !== '') &&
		!rest.some((line) => line.length > MAX_WORD / 2 && BASE64_LINE.test(line));
	if (!isFooter) return { encoded: text, footer: '' };
	return { encoded: lines.slice(0, start).join('\n'), footer: rest.join('\n') };
}

/** RFC 4648, 5. */
function isUrlSafe(text: string): boolean {
	return /[-_]/.test(text) && /^[\w\s=-]*$/.test(text);
}

function toStandard(text: string): string {
	return text.replaceAll('-', '+').replaceAll('_', '/');
}

/** Control characters, but for those of line ends, of tables, and of ISO 2022 and UTF-16. */
function isNeverWritten(byte: number): boolean {
	return byte > 0 && isControl(byte) && ![0x0c, 0x0e, 0x0f, 0x1b].includes(byte);
}

/** Lines that are looked at to tell base64 from text. */
const SAMPLE_LINES = 50;

/**
 * False for plain text that only says it were base64: most of its lines have other signs in them, and taken for base64 it makes
 * no text. Rubbish that is strewn among base64 is skipped.
 */
function isBase64(text: string): boolean {
	const lines = text
		.slice(0, 4096)
		.split(/\r?\n/, SAMPLE_LINES)
		.map((line) => line.trim())
		.filter((line) => line !== '');
	const others = lines.filter((line) => /[^A-Za-z0-9+/=]/.test(line)).length;
	if (others === 0 || others * 2 < lines.length) return true;
	const decoded = decodeBase64(lines.join(''));
	return isUtf8(decoded) && !decoded.some(isControl);
}

function isControl(byte: number): boolean {
	return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
}

/** Several encoded pieces may follow each other, each with its own padding; other characters are skipped (RFC 2045, 6.8). */
export function decodeBase64(text: string): Buffer {
	const pieces = text.replace(/[^A-Za-z0-9+/=]+/g, '').split(/=+/);
	return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')));
}

/** Undefined where no line begins it. */
function decodeUuencode(text: string): Buffer | undefined {
	const lines = text.split(/\r?\n/);
	const begin = lines.findIndex((line) => /^begin(?:-base64)? [0-7]{3,4}(?: |$)/.test(line));
	if (begin < 0) return undefined;
	const end = lines.findIndex((line, index) => index > begin && /^(?:end|====)[ \t]*$/.test(line));
	const data = lines.slice(begin + 1, end < 0 ? undefined : end);
	if (lines[begin]?.startsWith('begin-base64') === true) return decodeBase64(data.join(''));
	return Buffer.concat(data.map(decodeUuencodedLine));
}

function decodeUuencodedLine(line: string): Buffer {
	const sextet = (at: number): number => ((line.charCodeAt(at) || 0x20) - 0x20) & 0x3f;
	const length = line === '' ? 0 : sextet(0);
	const bytes: number[] = [];
	for (let at = 1; bytes.length < length && at < line.length; at += 4) {
		const group =
			(sextet(at) << 18) | (sextet(at + 1) << 12) | (sextet(at + 2) << 6) | sextet(at + 3);
		bytes.push((group >> 16) & 0xff, (group >> 8) & 0xff, group & 0xff);
	}
	return Buffer.from(bytes.slice(0, length));
}
