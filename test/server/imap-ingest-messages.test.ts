import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { findItems, PASSWORD, runAction, toMail } from './imap-ingest-run';
import type { ActionRun } from './imap-ingest-run';

const READER = 'reader@example.com';
const FILES = 'files@example.com';

let dovecot: Dovecot;

beforeAll(async () => {
	dovecot = await startDovecot({
		users: { [READER]: PASSWORD, [FILES]: PASSWORD },
	});
});
afterAll(() => dovecot.stop());

const act = (user: string, setting: ActionRun) => runAction(dovecot, user, setting);
const newestOf = async (user: string): Promise<IDataObject> => {
	const [newest] = await findItems(dovecot, user);
	if (newest === undefined) throw new Error('No message');
	return newest;
};
/** Delivers a mail and runs an operation on it. */
const actOn = async (user: string, raw: string | Buffer, parameters: IDataObject) => {
	await dovecot.deliver(user, raw);
	return await act(user, { items: [await newestOf(user)], parameters });
};
const bytesOf = (item: INodeExecutionData | undefined, field: string): Buffer =>
	Buffer.from(item?.binary?.[field]?.data ?? '', 'base64');

describe('getting a message', () => {
	it('gives text and headers, keeps what the item held, and leaves the message unread', async () => {
		const raw = toMail(
			'=?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
			'X-Alert: =?iso-8859-1?Q?L=E4rm?=',
			' in hall 3',
			'Received: from a',
			'Received: from b',
			'',
			'Follow the white rabbit.',
		);
		await dovecot.deliver(READER, raw);
		const item = { ...(await newestOf(READER)), rule: 'Knock Knock', payload: { spoon: 'false' } };
		const [output] = await act(READER, { items: [item], parameters: { operation: 'get' } });
		expect(output).toMatchObject({
			json: {
				rule: 'Knock Knock',
				payload: { spoon: 'false' },
				message: { subject: 'Grüße', from: ['trinity@zion.com'] },
				flags: [],
				content: {
					text: 'Follow the white rabbit.\r\n',
					source: 'text',
					truncated: false,
					headers: {
						subject: 'Grüße',
						from: 'Trinity <trinity@zion.com>',
						'x-alert': 'Lärm in hall 3',
						received: 'from a\nfrom b',
					},
				},
			},
			pairedItem: { item: 0 },
		});
		expect(output?.binary).toBeUndefined();
		expect((await dovecot.list(READER)).map(({ flags }) => flags)).toEqual([[]]);
	});

	it('makes text of HTML where there is no other', async () => {
		const raw = toMail('html', 'Content-Type: text/html', '', '<p>Follow <b>the</b> rabbit</p>');
		const [output] = await actOn(READER, raw, { operation: 'get' });
		expect(output?.json['content']).toMatchObject({ text: 'Follow the rabbit', source: 'html' });
	});

	it.each([
		['plain part', {}, 'Plain words', 'text'],
		['HTML', { textFrom: 'htmlFirst' }, 'Spoon: false', 'html'],
	])('takes the text of the %s, as it is told', async (_what, options, text, source) => {
		const parts = [
			'--b\r\nContent-Type: text/plain\r\n\r\nPlain words',
			'--b\r\nContent-Type: text/html\r\n\r\n<p>Spoon: false</p>\r\n--b--\r\n',
		];
		const type = 'Content-Type: multipart/alternative; boundary=b';
		const raw = toMail('both', type, '', ...parts);
		const [output] = await actOn(READER, raw, { operation: 'get', options });
		expect(output?.json['content']).toMatchObject({ text, source });
	});

	it('gives the whole message as a file, byte for byte, under a harmless name', async () => {
		const raw = toMail('../../etc: passwd?', '', `${'Ä white rabbit. '.repeat(20_000)}`);
		const [output] = await actOn(READER, raw, { operation: 'get', options: { raw: true } });
		expect(output?.binary?.['raw']).toMatchObject({
			fileName: '_.._etc_ passwd_.eml',
			mimeType: 'message/rfc822',
		});
		expect(output?.binary?.['raw']).not.toHaveProperty('directory');
		expect(bytesOf(output, 'raw').equals(Buffer.from(raw))).toBe(true);
	});

	it('refuses a message that is larger than the limit', async () => {
		const raw = toMail('large', '', 'x'.repeat(1_100_000).replace(/(.{70})/g, '$1\r\n'));
		await expect(
			actOn(READER, raw, { operation: 'get', options: { raw: true, sizeLimit: 1 } }),
		).rejects.toMatchObject({ message: /the limit is 1.0 MiB/, description: /Raise/ });
	});

	it('says that the message is gone, or lets the item pass', async () => {
		const item = await newestOf(READER);
		const items = [{ message: { ...(item['message'] as IDataObject), uid: 4711 } }];
		await expect(act(READER, { items, parameters: { operation: 'get' } })).rejects.toThrow(
			/UID 4711 is no longer/,
		);
		const parameters = { operation: 'get', options: { ignoreMissing: true } };
		expect(await act(READER, { items, parameters })).toMatchObject([
			{ json: { action: { operation: 'get', done: false, reason: 'missing' } } },
		]);
	});

	it('refuses a reference from before a renumbering', async () => {
		const item = await newestOf(READER);
		const items = [{ message: { ...(item['message'] as IDataObject), uidValidity: '1' } }];
		await expect(act(READER, { items, parameters: { operation: 'get' } })).rejects.toThrow(
			/renumbered/,
		);
	});
});

const PDF = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256));
const LATIN1_CSV = Buffer.from('Größe;1\r\n', 'latin1');
const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/(.{76})/g, '$1\r\n');

const FILES_MAIL = toMail(
	'files',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b',
	'Content-Type: multipart/related; boundary=r',
	'',
	'--r',
	'Content-Type: text/html',
	'',
	'<p>See <img src="cid:logo"></p>',
	'--r',
	'Content-Type: image/png; name=logo.png',
	'Content-ID: <logo>',
	'Content-Disposition: inline; filename=logo.png',
	'Content-Transfer-Encoding: base64',
	'',
	base64(Buffer.from('a picture')),
	'--r--',
	'--b',
	'Content-Type: application/pdf',
	'Content-Disposition: attachment; filename="Report.PDF"',
	'Content-Transfer-Encoding: base64',
	'',
	base64(PDF),
	'--b',
	'Content-Type: text/csv; charset=iso-8859-1',
	'Content-Disposition: attachment; filename="../data.csv"',
	'Content-Transfer-Encoding: base64',
	'',
	base64(LATIN1_CSV),
	'--b',
	'Content-Type: message/rfc822',
	'',
	'Subject: inner',
	'',
	'Inner text',
	'--b--',
);

describe('downloading attachments', () => {
	const download = (options: IDataObject) =>
		actOn(FILES, FILES_MAIL, { operation: 'downloadAttachments', options });
	const filesOf = (items: readonly INodeExecutionData[]) =>
		items.flatMap(({ json }) => (json['files'] as IDataObject[]).map(({ fileName }) => fileName));

	it('gives every file decoded, but not the pictures within the text', async () => {
		const output = await download({});
		expect(output).toHaveLength(1);
		const [item] = output;
		expect(item?.json['files']).toEqual([
			{ part: '2', fileName: 'Report.PDF', contentType: 'application/pdf', size: PDF.length },
			{ part: '3', fileName: '_data.csv', contentType: 'text/csv', size: LATIN1_CSV.length },
			expect.objectContaining({ part: '4', fileName: 'part-4.eml', contentType: 'message/rfc822' }),
		]);
		expect(bytesOf(item, 'attachment_0').equals(PDF)).toBe(true);
		expect(bytesOf(item, 'attachment_1').equals(LATIN1_CSV)).toBe(true);
		expect(bytesOf(item, 'attachment_2').toString()).toContain('Subject: inner');
		expect(item?.binary?.['attachment_1']).toMatchObject({ fileName: '_data.csv' });
	});

	it.each([
		['a name pattern', { namePattern: '(?i)\\.pdf$' }, ['Report.PDF']],
		['types', { types: 'text/*, application/pdf' }, ['Report.PDF', '_data.csv']],
		['both', { types: 'text/*', namePattern: 'data' }, ['_data.csv']],
		['pictures of the text', { types: 'image/png', inlinePictures: true }, ['logo.png']],
		['what nothing is like', { types: 'audio/*' }, []],
	])('chooses by %s', async (_case, options, names) => {
		expect(filesOf(await download(options))).toEqual(names);
	});

	it('gives each file an item of its own, in the field that was named', async () => {
		const output = await download({ itemPerFile: true, prefix: 'file' });
		expect(filesOf(output)).toEqual(['Report.PDF', '_data.csv', 'part-4.eml']);
		expect(output.map(({ binary }) => Object.keys(binary ?? {}))).toEqual([
			['file0'],
			['file0'],
			['file0'],
		]);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 0 },
			{ item: 0 },
		]);
	});

	it.each([
		['an empty name pattern', { namePattern: '' }, 'File Name Pattern is empty.'],
		['a pattern that does not parse', { namePattern: '(' }, /"\("/],
		['empty types', { types: '' }, 'Types is empty.'],
		['a type without subtype', { types: 'pdf' }, 'Types is "pdf".'],
		['a limit of 0', { sizeLimit: 0 }, 'Size Limit is 0.'],
	])('refuses %s', async (_case, options, message) => {
		await expect(download(options)).rejects.toThrow(message);
	});

	it('refuses files that together are larger than the limit', async () => {
		const large = toMail(
			'large',
			'Content-Type: multipart/mixed; boundary=b',
			'',
			...['one', 'two'].flatMap((name) => [
				'--b',
				`Content-Type: application/pdf; name=${name}.pdf`,
				'Content-Transfer-Encoding: base64',
				'',
				base64(Buffer.alloc(600_000, name)),
			]),
			'--b--',
		);
		const parameters = { operation: 'downloadAttachments', options: { sizeLimit: 1 } };
		await expect(actOn(FILES, large, parameters)).rejects.toThrow(/the limit is 1.0 MiB/);
	});

	it('stops where a file turns out to be larger than the limit, and goes on with the next item', async () => {
		// Its size counts for less beforehand, since it might be base64.
		const large = toMail(
			'large',
			'Content-Type: text/csv; name=large.csv',
			'Content-Disposition: attachment',
			'',
			'0123456789;\r\n'.repeat(100_000),
		);
		await dovecot.deliver(FILES, FILES_MAIL);
		await dovecot.deliver(FILES, large);
		const items = (await findItems(dovecot, FILES)).slice(0, 2);
		const output = await act(FILES, {
			items,
			parameters: { operation: 'downloadAttachments', options: { sizeLimit: 1 } },
			continueOnFail: true,
		});
		expect(output.map(({ json }) => json['error'] ?? (json['files'] as unknown[]).length)).toEqual([
			expect.stringContaining('the limit is 1.0 MiB') as unknown,
			3,
		]);
	});
});
