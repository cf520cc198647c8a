import { describe, expect, it } from 'vitest';
import { compileDateFormat } from '../../../nodes/core/rules/date-format';
import { NUMBER_FORMATS } from '../../../nodes/core/rules/number-format';
import { convertText } from '../../../nodes/core/rules/typed-value';
import { detectEmail } from '../../../nodes/EmailCapture/detect-email';
import { readHeaderValues } from '../../../nodes/EmailCapture/item-headers';
import { findRawMessage, readRawMessage } from '../../../nodes/EmailCapture/raw-message';
import { toFileName } from '../../../nodes/ImapIngest/actions/message/file-name';
import { readAddresses } from '../../../nodes/mail/addresses/addresses';
import { decodeText } from '../../../nodes/mail/text/decode';
import { toHeaderFields } from '../../../nodes/mail/messages/head';
import { decodeHeaderValue } from '../../../nodes/mail/text/header-text';
import { toHtmlBody } from '../../../nodes/mail/text/html-text';
import { toOneLine } from '../../../nodes/mail/text/one-line';
import { createRedactor } from '../../../nodes/core/redact';

const LENGTH = 256 * 1024;
/** What a sender may repeat: beginnings that have no end, and what lies between two pieces. */
const PIECES = [
	' ',
	'\t',
	'\r\n ',
	'\n',
	'\r',
	'(',
	')',
	'<',
	'>',
	'"',
	"'",
	'\\',
	'[',
	'@',
	'a@',
	'a,',
	':',
	';',
	'=?',
	'=?a?q?',
	'=?utf-8?q?a?= ',
	'?=',
	'=',
	'=4',
	'~{',
	'\u000E',
	'<!--',
	'-->',
	'<a ',
	'<meta ',
	'<div>',
	'<td>',
	'<style>',
	'<style>a{',
	'<b style="white-space:pre" class="a b">a',
	'&',
	'&#',
	'-',
	'--',
	'1',
	'a',
	'.',
	'> ',
	'a \n',
	'é',
	'\uD800',
	'begin 644 a\n',
	'a: b\r\n',
	'\r\n--b\r\nContent-Type: multipart/mixed\r\n\r\n',
	'\r\n--b\r\n\r\n',
];

const decoding =
	(encoding: string, charset: string, flowed = false) =>
	(text: string) =>
		decodeText(Buffer.from(text), { encoding, charset, flowed, delSp: flowed });

/** Every function that is run on a text which a stranger wrote. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
	addresses: (text) => readAddresses([text]),
	'header values': decodeHeaderValue,
	'header fields': (text) => toHeaderFields(Buffer.from(text)),
	'one line': toOneLine,
	HTML: (text) => toHtmlBody(text),
	'quoted-printable': decoding('quoted-printable', ''),
	base64: decoding('base64', ''),
	uuencode: decoding('x-uuencode', ''),
	'flowed text': decoding('', '', true),
	HZ: decoding('', 'hz-gb-2312'),
	'ISO-2022-KR': decoding('', 'iso-2022-kr'),
	'a multi-byte charset': decoding('', 'gb2312'),
	'a charset named in HTML': (text) =>
		decodeText(Buffer.from(text), {
			format: 'html',
			encoding: '',
			charset: '',
			flowed: false,
			delSp: false,
		}),
	'a charset label': (text) =>
		decodeText(Buffer.from('x'), { encoding: text, charset: text, flowed: false, delSp: false }),
	numbers: (text) => NUMBER_FORMATS.map((format) => convertText(text, { kind: 'number', format })),
	booleans: (text) => convertText(text, { kind: 'boolean' }),
	dates: (text) => convertText(text, { kind: 'date' }),
	'dates of a format': (text) => convertText(text, { kind: 'date', format: 'd MMM  yyyy' }),
	'file names': toFileName,
	'a message': (text) => readRawMessage(Buffer.from(`From: a@b\r\n${text}`), ['plain']),
	'an item that may hold a message': (text) => findRawMessage({ raw: text }),
	items: (text) => detectEmail({ from: text, text, headers: text }),
	'header fields of items': readHeaderValues,
	'secrets in foreign texts': createRedactor(['white-rabbit']),
};

/** Milliseconds of CPU: what is quadratic takes minutes, and what is linear at most half a second where nothing else runs. */
const BLOCKING = 5_000;

describe('256 KiB of whatever a sender may repeat', () => {
	it.each(Object.entries(READERS))('block %s no longer than a moment', (_name, read) => {
		const slow = PIECES.filter((piece) => {
			const text = piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);
			const before = process.cpuUsage();
			for (const variant of [text, `a${text}b`]) read(variant);
			const { user, system } = process.cpuUsage(before);
			return (user + system) / 1000 > BLOCKING;
		});

		expect(slow).toStrictEqual([]);
	});
});

describe('a typed value', () => {
	it('has 100 characters at most, and blanks around it', () => {
		expect(convertText(`${' '.repeat(500)}42${' '.repeat(500)}`, { kind: 'number' })).toBe(42);
		expect(convertText('1'.repeat(101), { kind: 'number' })).toBeUndefined();
		expect(convertText(`Time: a${' '.repeat(250_000)}b`, { kind: 'date' })).toBeUndefined();
		expect(compileDateFormat('d MMM yyyy').test('3 Nov 2026')).toBe(true);
	});

	it('is a date with the comment of a mail header', () => {
		const date = 'Tue, 3 Nov 2026 10:00:00 +0100 (CET)';
		expect(convertText(date, { kind: 'date' })).toBe('2026-11-03T09:00:00.000Z');
	});
});
