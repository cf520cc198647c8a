import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { readEmail } from '../../nodes/EmailCapture/read-email';

const read = async (json: IDataObject) => (await readEmail(() => 'detect', { json })).message;
const MAIL = { from: 'a@b.example', subject: 's', text: 't' };

describe('an item', () => {
	it('has the limits of the triggers', async () => {
		const many = Array.from({ length: 100_000 }, (_, n) => ({
			address: `u${String(n)}@x.example`,
		}));
		const message = await read({
			...MAIL,
			from: { value: many },
			to: { value: many },
			text: 'x'.repeat(20_000_000),
			headers: Object.fromEntries(
				Array.from({ length: 1000 }, (_, n) => [`x-${String(n)}`, 'y'.repeat(5000)]),
			),
		});

		expect(message.from).toStrictEqual([]);
		expect(message.ambiguousSender).toBe(true);
		expect(message.to).toHaveLength(200);
		expect(message.body).toMatchObject({ truncated: true });
		expect(message.body?.text).toHaveLength(262_144);
		expect(message.headers?.size).toBeLessThan(30);
	});

	it('has nobody in lists within lists without end', async () => {
		const nested = Array.from({ length: 100_000 }).reduce<unknown>(
			(inner) => [inner],
			'a@b.example',
		);
		expect((await read({ ...MAIL, from: nested as IDataObject })).from).toStrictEqual([]);
	});

	it('of decoded names has the address of the last angle brackets', async () => {
		const item = {
			textPlain: 't',
			subject: 's',
			from: 'ceo@example.org, "x" <ceo@example.org> <real@example.com>',
		};
		expect(await read(item)).toMatchObject({ from: ['real@example.com'], ambiguousSender: true });
	});

	it.each([
		['says that it was made of HTML', 'text/html; charset=utf-8', 'ANY TEXT'],
		['is what mailparser makes of the HTML', 'multipart/mixed; boundary=b', 'DISK\n\nSpoon:false'],
	])('whose text %s has the text of its HTML', async (_why, type, text) => {
		const html = '<h1>Disk</h1><table><tr><td>Spoon:</td><td>false</td></tr></table>';
		const headers = { from: 'From: a@b.example', 'content-type': `Content-Type: ${type}` };
		const message = await read({ from: { value: [] }, subject: 's', text, html, headers });
		expect(message.body).toMatchObject({ text: 'Disk\nSpoon: false', source: 'html' });
	});

	it('has the text of its HTML for rules that want that, and plain text where there is none', async () => {
		const bodiesOf = async (json: IDataObject) => {
			const { message } = await readEmail(() => 'detect', { json }, ['html']);
			return { body: message.body, text: message.bodyOfHtml?.text };
		};
		const none = { body: undefined };
		const html = '<p>Disk full</p>';
		expect(await bodiesOf({ ...MAIL, html })).toEqual({ ...none, text: 'Disk full' });
		expect(await bodiesOf({ ...MAIL, html: '<p> </p>' })).toEqual({ ...none, text: 't' });
		expect(await bodiesOf(MAIL)).toEqual({ ...none, text: 't' });
	});

	it('whose text only tells of HTML has the text of that', async () => {
		const text = 'Your program cannot display HTML.';
		const message = await read({ ...MAIL, text, html: '<p>Disk full</p>' });
		expect(message.body?.text).toBe('Disk full');
		const same = await read({ ...MAIL, text, html: `<p>${text}</p><p>And more.</p>` });
		expect(same.body).toMatchObject({ text, source: 'text' });
	});
});
