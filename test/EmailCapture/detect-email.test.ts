import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import {
	detectEmail,
	type EmailFields,
	toAddressTexts,
} from '../../nodes/EmailCapture/detect-email';

type Item = Record<string, unknown>;

const RAW = [
	'From: "Trinity, T." <trinity@zion.com>',
	'To: neo@zion.com',
	'Subject: =?utf-8?q?alert_-_Wake_up_N=C3=A9o?=',
	'Message-ID: <1@zion.com>',
	'MIME-Version: 1.0',
	'Content-Type: multipart/alternative; boundary=b',
	'',
	'--b',
	'Content-Type: text/plain; charset=utf-8',
	'',
	'Follow the white rabbit',
	'--b',
	'Content-Type: text/html; charset=utf-8',
	'',
	'<p>Follow the <b>white</b> rabbit</p>',
	'--b--',
	'',
].join('\r\n');

/** What the Gmail and Email Trigger (IMAP) nodes make of a message when it is resolved: mailparser's result as JSON. */
const resolve = async (raw: string, more: Item): Promise<Item> => {
	const mail = await simpleParser(raw);
	const headers = Object.fromEntries(mail.headerLines.map(({ key, line }) => [key, line]));
	const json = { ...mail, headers, headerLines: undefined, attachments: undefined, ...more };
	return JSON.parse(JSON.stringify(json)) as Item;
};

const graphAddress = (address: string) => ({ emailAddress: { name: 'Trinity', address } });

describe('detectEmail', () => {
	it.each<[string, Item]>([
		['Gmail', { id: '18c', threadId: '18c', labelIds: ['INBOX'], sizeEstimate: 900 }],
		['Email Trigger (IMAP)', { attributes: { uid: 7 } }],
	])('reads a resolved item of %s', async (_node, more) => {
		const { headers, ...fields } = detectEmail(await resolve(RAW, more));
		expect(headers?.get('from')).toEqual(['"Trinity, T." <trinity@zion.com>']);
		expect(fields).toEqual({
			to: ['neo@zion.com'],
			cc: [],
			from: ['"Trinity, T." <trinity@zion.com>'],
			subject: 'alert - Wake up Néo',
			text: 'Follow the white rabbit',
			html: '<p>Follow the <b>white</b> rabbit</p>',
			contentType: 'multipart/alternative; boundary=b',
		});
	});

	it('reads a resolved item without HTML, where mailparser says false', async () => {
		const item = await resolve('From: a@b.example\r\nSubject: x\r\n\r\nHello\r\n', {});
		expect(detectEmail(item)).toMatchObject({ from: ['a@b.example'], text: 'Hello\n', html: '' });
	});

	it('reads a resolved item without a sender', async () => {
		const item = await resolve('Subject: x\r\n\r\nHello\r\n', {});
		expect(detectEmail(item)).toMatchObject({ from: [], subject: 'x', text: 'Hello\n' });
	});

	it.each<[string, Item, EmailFields]>([
		[
			'a simplified item of Gmail, which has only a snippet',
			{
				id: '18c',
				threadId: '18c',
				snippet: 'Follow the white rabbit',
				payload: { mimeType: 'multipart/alternative' },
				sizeEstimate: 900,
				historyId: '1',
				internalDate: '1700000000000',
				labels: [{ id: 'INBOX', name: 'INBOX' }],
				From: 'Trinity <trinity@zion.com>',
				To: 'neo@zion.com',
				Subject: 'alert - Wake up Neo',
			},
			{
				from: ['Trinity <trinity@zion.com>'],
				to: ['neo@zion.com'],
				cc: [],
				subject: 'alert - Wake up Neo',
				text: '',
				html: '',
				bodyRemedy: 'Switch off Simplify in the Gmail node; a simplified item has only a snippet.',
			},
		],
		[
			'a raw item of Microsoft Outlook with HTML',
			{
				id: 'AAMk',
				subject: 'alert - Wake up Neo',
				bodyPreview: 'Follow',
				body: { contentType: 'html', content: '<p>Follow the white rabbit</p>' },
				sender: graphAddress('nebuchadnezzar@zion.com'),
				from: graphAddress('trinity@zion.com'),
				toRecipients: [graphAddress('neo@zion.com')],
			},
			{
				from: ['trinity@zion.com'],
				to: ['neo@zion.com'],
				subject: 'alert - Wake up Neo',
				text: '',
				html: '<p>Follow the white rabbit</p>',
			},
		],
		[
			'a raw item of Microsoft Outlook with text',
			{
				subject: 'x',
				body: { contentType: 'text', content: 'Follow' },
				sender: graphAddress('trinity@zion.com'),
			},
			{ from: ['trinity@zion.com'], subject: 'x', text: 'Follow', html: '' },
		],
		[
			'a simplified item of Microsoft Outlook, which has only a preview',
			{
				id: 'AAMk',
				conversationId: 'AAQk',
				subject: 'alert - Wake up Neo',
				bodyPreview: 'Follow the',
				from: 'trinity@zion.com',
				to: ['neo@zion.com'],
				categories: [],
				hasAttachments: false,
			},
			{
				from: ['trinity@zion.com'],
				to: ['neo@zion.com'],
				subject: 'alert - Wake up Neo',
				text: '',
				html: '',
				bodyRemedy: 'Set Output to Raw in the Microsoft Outlook node, or add Body to its fields.',
			},
		],
		[
			'a simple item of Email Trigger (IMAP)',
			{
				textHtml: '<p>Follow</p>',
				textPlain: 'Follow',
				metadata: { 'message-id': '<1@zion.com>', received: 'from x' },
				attributes: { uid: 7 },
				from: 'Trinity <trinity@zion.com>',
				to: 'neo@zion.com',
				subject: 'alert',
				date: 'Mon, 2 Mar 2026 10:00:00 +0000',
			},
			{
				from: ['Trinity <trinity@zion.com>'],
				to: ['neo@zion.com'],
				cc: [],
				headers: new Map([
					['message-id', ['<1@zion.com>']],
					['received', ['from x']],
				]),
				isNameDecoded: true,
				subject: 'alert',
				text: 'Follow',
				html: '<p>Follow</p>',
			},
		],
		[
			'a plain item',
			{ from: 'a@b.example', subject: 's', text: 't', html: 'h' },
			{ from: ['a@b.example'], subject: 's', text: 't', html: 'h' },
		],
		[
			'an item of an inbound mail webhook',
			{ sender: 'a@b.example', Subject: 's', 'body-plain': 't', 'body-html': 'h' },
			{ from: ['a@b.example'], subject: 's', text: 't', html: 'h' },
		],
		[
			'an item with a subject only',
			{ subject: 's' },
			{ from: [], subject: 's', text: '', html: '' },
		],
	])('reads %s', (_what, item, fields) => {
		expect(detectEmail(item)).toEqual(fields);
	});

	it.each<[string, Item, string]>([
		['a raw item of Email Trigger (IMAP)', { raw: 'Hello' }, 'Set Format to Resolved or Simple'],
		['an item of something else', { id: 1, name: 'x' }, 'Choose Each Field'],
		['an empty item', {}, 'Choose Each Field'],
	])('refuses %s with a remedy', (_what, item, remedy) => {
		expect(() => detectEmail(item)).toThrow(
			expect.objectContaining({
				code: 'message-unreadable',
				remedy: expect.stringContaining(remedy) as string,
			}),
		);
	});
});

describe('toAddressTexts', () => {
	it.each<[string, unknown, readonly string[]]>([
		['a header value', 'Neo <neo@zion.com>', ['Neo <neo@zion.com>']],
		['a list', ['a@b.c', { address: 'd@e.f' }], ['a@b.c', 'd@e.f']],
		[
			'a group of mailparser',
			{ value: [{ name: 'Crew', group: [{ address: 'a@b.c', name: '' }] }], text: 'Crew: a@b.c;' },
			['a@b.c'],
		],
		['nothing', undefined, []],
		['blanks', ' ', []],
		['a number', 7, []],
	])('takes %s', (_what, value, texts) => {
		expect(toAddressTexts(value)).toEqual(texts);
	});
});
