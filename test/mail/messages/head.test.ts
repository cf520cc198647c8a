import { describe, expect, it } from 'vitest';
import {
	isSubjectRaw,
	toCopies,
	toHeaderFields,
	toRawFields,
	toSubject,
	toSummary,
} from '../../../nodes/mail/messages/head';
import { isStandIn } from '../../../nodes/mail/messages/stand-in';
import { toOneLine } from '../../../nodes/mail/text/one-line';

const place = { account: 'neo@mail.example', mailbox: 'INBOX', uidValidity: '7' };
const received = new Date('2026-11-23T09:30:00Z');
const fieldsOf = (header: string) => toRawFields(Buffer.from(header, 'latin1'));
const summaryOf = (header: string) =>
	toSummary({ uid: 5, internalDate: received, size: 42 }, fieldsOf(header), place);

describe('summary', () => {
	it('names the place of the message and what a person knows it by', () => {
		const summary = summaryOf(
			'Date: Mon, 23 Nov 2026 10:00:00 +0100 (CET)\r\nSubject: Wake up Neo\r\nMessage-ID: <1@zion.com>\r\nFrom: Trinity <trinity@zion.com>\r\nTo: neo@example.com\r\n\r\n',
		);

		expect(summary).toStrictEqual({
			...place,
			uid: 5,
			messageId: '<1@zion.com>',
			from: ['trinity@zion.com'],
			to: ['neo@example.com'],
			subject: 'Wake up Neo',
			date: '2026-11-23T09:00:00.000Z',
			receivedAt: '2026-11-23T09:30:00.000Z',
			size: 42,
			attachments: [],
		});
	});

	it('has empty values for a message without a header', () => {
		expect(summaryOf('')).toMatchObject({
			messageId: null,
			from: [],
			to: [],
			subject: '',
			date: null,
		});
	});

	it('has no date for text that is no date', () => {
		expect(summaryOf('Date: yesterday\r\n').date).toBeNull();
	});

	it.each([
		['two From fields', 'From: a@x.org\r\nFrom: b@x.org\r\n', ['a@x.org', 'b@x.org']],
		['two mailboxes', 'From: a@x.org, b@x.org\r\n', ['a@x.org', 'b@x.org']],
		['a group', 'From: Crew: a@x.org;\r\n', ['a@x.org']],
		['an address in the name', 'From: "boss@bank.example" <a@x.org>\r\n', ['a@x.org']],
		[
			'an address in an encoded name',
			'From: =?utf-8?B?Ym9zc0BiYW5rLmV4YW1wbGU=?= <a@x.org>\r\n',
			['a@x.org'],
		],
	])('says that the sender is ambiguous for %s', (_what, header, from) => {
		expect(summaryOf(header)).toMatchObject({ from, ambiguousSender: true });
	});

	it('knows nobody of more senders than are kept, and 200 of more recipients', () => {
		const many = Array.from({ length: 300 }, (_, n) => `u${String(n)}@x.org`).join(', ');
		expect(summaryOf(`From: ${many}\r\nTo: a@x.org\r\n`)).toMatchObject({
			from: [],
			ambiguousSender: true,
			truncated: true,
		});
		const summary = summaryOf(`From: a@x.org\r\nTo: ${many}\r\n`);
		expect(summary.to).toHaveLength(200);
		expect(summary).toMatchObject({ from: ['a@x.org'], truncated: true });
		expect(toCopies(fieldsOf(`Cc: ${many}\r\n`))).toHaveLength(200);
	});

	it('of a mail that Exchange could not convert is known by its subject', () => {
		const subject =
			'Retrieval using the IMAP4 protocol failed for the following\r\n message: 20004';
		const header = `From: Microsoft Exchange Server\r\nSubject: ${subject}\r\n`;
		expect(isStandIn(summaryOf(header))).toBe(true);
		expect(isStandIn(summaryOf(header.replace('Server', '<a@x.org>')))).toBe(false);
	});
});

describe('subject', () => {
	it.each([
		['folded with a blank', 'Disk\r\n full', 'Disk full'],
		['folded with a tab', 'Disk\r\n\tfull', 'Disk full'],
		['folded by a server that keeps the tab', 'Disk\tfull', 'Disk full'],
		['with lone line ends', 'Disk\rfull\nnow', 'Disk full now'],
		['with blanks around', '  Disk full ', 'Disk full'],
		['with NUL', 'Disk\0full', 'Disk full'],
	])('%s is one line', (_name, value, expected) => {
		expect(toOneLine(value)).toBe(expected);
	});

	it.each([
		['caf\xe9', true],
		['\u001b$BF|K\\', true],
		['caf\xc3\xa9', false],
		['cafe', false],
	])('%j depends on the charset of the text: %s', (subject, expected) => {
		expect(isSubjectRaw(fieldsOf(`Subject: ${subject}\r\n`))).toBe(expected);
	});

	it.each([
		['windows-1252 bytes', 'Subject: caf\xe9\r\n\r\n', '', 'café'],
		['bytes in the charset of the text', 'SUBJECT: \xcf\xf0\xe8\r\n\r\n', 'windows-1251', 'При'],
		[
			'raw bytes and an encoded word',
			'Subject: caf\xe9\r\n =?utf-8?Q?=E2=82=AC?=\r\n\r\n',
			'',
			'café €',
		],
		['a raw byte in an encoded word', 'Subject: =?iso-8859-1?Q?Fr\xf6sche?=', '', 'Frösche'],
		['a word in an unknown charset', 'Subject: =?x-who-knows?Q?caf=C3=A9?=', '', 'café'],
		[
			'a character cut in two',
			'Subject: =?utf-8?B?w4M=?=\r\n =?utf-8?Q?=C3?= =?utf-8?q?=A9?=',
			'',
			'Ãé',
		],
		['a word with a language', 'Subject: =?iso-8859-1*de?Q?M=FCll?=', '', 'Müll'],
		['blanks in a word', 'Subject: =?utf-8?Q?Disk full?= now', '', 'Disk full now'],
		['a question mark in a word', 'Subject: =?utf-8?Q?ok??=', '', 'ok?'],
		['a word that is not closed', 'Subject: =?utf-8?Q?ok', '', '=?utf-8?Q?ok'],
		['the first of two', 'Subject: one\xe9\r\nSubject: two\r\n\r\n', '', 'oneé'],
		['no subject', '\r\n', '', ''],
	])('from the header: %s', (_name, header, charset, expected) => {
		expect(toSubject(fieldsOf(header), charset)).toBe(expected);
	});
});

describe('header fields', () => {
	it.each([
		['it is indented', ' '],
		['a byte order mark stands before it', '\u00EF\u00BB\u00BF'],
	])('begin with the first line, though %s', (_why, before) => {
		const fields = fieldsOf(`${before}From: a@x.org\r\nTo: b@x.org`);
		expect([...fields.keys()]).toStrictEqual(['from', 'to']);
	});

	it('that are repeated stand one below the other', () => {
		expect(
			toHeaderFields(Buffer.from('X-A: 1\r\nno field\r\nX-A: =?utf-8?q?=E2=82=AC?=\r\n')),
		).toStrictEqual({
			'x-a': '1\n€',
		});
	});
});
