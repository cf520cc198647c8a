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
			return isBase64(text) ? decodeBase64(text) : bytes;
		}
		case 'x-uuencode':
		case 'uuencode':
		case 'x-uue':
		case 'uue':
			return decodeUuencode(bytes.toString('latin1')) ?? bytes;
		default:
			return bytes;
	}
}

/** The name without the quotes, comments and separators that programs leave around it. */
function toEncoding(given: string): string {
	return /[\w-]+/.exec(given.slice(0, 100))?.[0].toLowerCase() ?? '';
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
	const begin = lines.findIndex((line) => /^begin(?:-base64)? [0-7]{3,4} /.test(line));
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
