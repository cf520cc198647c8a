import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { readEmail } from '../../nodes/EmailCapture/read-email';

const read = (json: IDataObject) => readEmail(() => 'detect', { json }, ['plain', 'html']);

const MAIL = [
	'Received: by mx.example.com',
	'Authentication-Results: mx.example.com; spf=pass',
	'From: =?utf-8?Q?J=C3=BCrgen?= <neo@zion.example>',
	'To: trinity@zion.example',
	'Subject: =?utf-8?Q?Gr=C3=B6=C3=9Fe?=',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b',
	'Content-Type: text/plain; charset=iso-8859-1',
	'Content-Transfer-Encoding: quoted-printable',
	'',
	'Gr=F6=DFe: 5',
	'--b',
	'Content-Type: text/html',
	'',
	'<p>Size: 5</p>',
	'--b',
	'Content-Type: application/pdf',
	'Content-Disposition: attachment; filename="=?utf-8?Q?Gr=C3=B6=C3=9Fe.pdf?="',
	'',
	'x',
	'--b--',
].join('\r\n');

describe('an item that holds a whole message', () => {
	it.each([
		['in base64', Buffer.from(MAIL).toString('base64'), {}],
		[
			'as the Gmail API gives it',
			Buffer.from(MAIL).toString('base64url'),
			{ snippet: 'Gr', threadId: '1' },
		],
		['as a text', MAIL, {}],
	])('%s is read as the trigger reads it', async (_how, raw, more) => {
		const { message } = await read({ ...more, raw });
		expect(message).toMatchObject({
			from: ['neo@zion.example'],
			to: ['trinity@zion.example'],
			subject: 'Größe',
			attachmentNames: ['Größe.pdf'],
			body: { text: 'Größe: 5', source: 'text' },
			bodyOfHtml: { text: 'Size: 5', source: 'html' },
		});
		expect(message.headers?.get('authentication-results')).toStrictEqual([
			'mx.example.com; spf=pass',
		]);
	});

	it('tells of a bounce', async () => {
		const file = path.join(__dirname, '..', 'fixtures', 'mail', 'exchange-ndr-nested');
		const expected = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as IDataObject;
		const { bounce } = await read({ raw: readFileSync(`${file}.eml`, 'base64') });
		expect(bounce).toMatchObject({ recipients: [{ action: 'failed' }] });
		expect(expected['bounce'] ?? bounce).toStrictEqual(bounce);
	});

	it('but has fields of its own is read by these', async () => {
		const { message } = await read({ raw: MAIL, from: 'a@b.example', subject: 's', text: 't' });
		expect(message).toMatchObject({ from: ['a@b.example'], subject: 's', body: { text: 't' } });
	});

	it('and another text is no message', async () => {
		await expect(read({ raw: 'Hello' })).rejects.toThrow('No email was found in the item');
	});
});
