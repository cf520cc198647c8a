import type { MessageAddressObject, MessageEnvelopeObject } from 'imapflow';
import { describe, expect, it } from 'vitest';
import {
	isGarbled,
	toBareAddresses,
	toOneLine,
	toRawSubject,
	toSummary,
} from '../../../nodes/mail/messages/head';

const place = { account: 'neo@mail.example', mailbox: 'INBOX', uidValidity: '7' };
const received = new Date('2026-11-23T09:30:00Z');
const summaryOf = (envelope: MessageEnvelopeObject | undefined) =>
	toSummary(
		{ uid: 5, internalDate: received, size: 42, ...(envelope !== undefined && { envelope }) },
		place,
	);

describe('summary', () => {
	it('names the place of the message and what a person knows it by', () => {
		const summary = summaryOf({
			date: new Date('2026-11-23T10:00:00+01:00'),
			subject: 'Wake up Neo',
			messageId: '<1@zion.com>',
			from: [{ name: 'Trinity', address: 'trinity@zion.com' }],
			to: [{ address: 'neo@example.com' }],
		});

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
		expect(summaryOf(undefined)).toMatchObject({
			messageId: null,
			from: [],
			to: [],
			subject: '',
			date: null,
		});
	});

	it.each([
		['text that is no date', 'yesterday'],
		['an impossible date', new Date(Number.NaN)],
	])('has no date for %s', (_name, date) => {
		expect(summaryOf({ date }).date).toBeNull();
	});
});

describe('addresses', () => {
	const rows: ReadonlyArray<[string, MessageAddressObject[] | undefined, string[]]> = [
		[
			'two From mailboxes',
			[{ address: 'a@x.org' }, { name: 'B', address: 'b@x.org' }],
			['a@x.org', 'b@x.org'],
		],
		[
			'the members of a group',
			[{ name: 'Team', address: '' }, { address: 'a@x.org' }],
			['a@x.org'],
		],
		['nothing for undisclosed recipients', [{ name: 'undisclosed-recipients', address: '' }], []],
		['nothing for an empty address', [{ address: '' }, { address: '@' }, {}], []],
		[
			'the user of a cron mail, as Dovecot gives it',
			[{ address: 'root@MISSING_DOMAIN' }],
			['root'],
		],
		[
			'the user of a cron mail, as c-client gives it',
			[{ address: 'root@.MISSING-HOST-NAME.' }],
			['root'],
		],
		[
			'nothing for an address the server could not read',
			[{ address: 'MISSING_MAILBOX@MISSING_DOMAIN' }],
			[],
		],
		['nothing for a missing field', undefined, []],
	];

	it.each(rows)('are %s', (_name, addresses, expected) => {
		expect(toBareAddresses(addresses)).toStrictEqual(expected);
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
		['caf\uFFFD', true],
		['\u001b$BF|K\\', true],
		['café', false],
	])('%j needs the header itself: %s', (subject, expected) => {
		expect(isGarbled(subject)).toBe(expected);
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
		['the first of two', 'Subject: one\xe9\r\nSubject: two\r\n\r\n', '', 'oneé'],
		['no subject', '\r\n', '', ''],
	])('from the header: %s', (_name, header, charset, expected) => {
		expect(toRawSubject(Buffer.from(header, 'latin1'), charset)).toBe(expected);
	});
});
