import type { MessageStructureObject } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { inOrderOf, toMessageParts } from '../../../nodes/mail/messages/structure';
import type { TextPart } from '../../../nodes/mail/messages/structure';

type Node = MessageStructureObject;

const text = (part: string, more: Partial<Node> = {}): Node => ({
	part,
	type: 'text/plain',
	encoding: '7bit',
	size: 100,
	...more,
});
const html = (part: string, more: Partial<Node> = {}): Node =>
	text(part, { type: 'text/html', ...more });
const multi = (kind: string, childNodes: Node[], more: Partial<Node> = {}): Node => ({
	type: `multipart/${kind}`,
	childNodes,
	...more,
});
const pdf = (part: string): Node => ({
	part,
	type: 'application/pdf',
	disposition: 'attachment',
	dispositionParameters: { filename: 'report.pdf' },
	size: 5000,
});
const inner = (part: string): Node => ({
	part,
	type: 'message/rfc822',
	size: 900,
	childNodes: [text(part)],
});
/** The parts in the order in which they are tried. */
const keysOf = (part: TextPart | null | undefined): readonly string[] =>
	part ? [part.key, ...keysOf(part.next)] : [];
const rootText: Node = { type: 'text/plain', size: 10 };

describe('which part is the text', () => {
	const rows: ReadonlyArray<[string, Node, string | null]> = [
		['a message of one part has its text in part 1', rootText, '1'],
		['alternatives: the plain one', multi('alternative', [html('1'), text('2')]), '2'],
		[
			'alternatives: HTML beside a blank plain one',
			multi('alternative', [text('1', { size: 2 }), html('2')]),
			'1 2',
		],
		[
			'alternatives: a blank plain one when there is no other',
			multi('alternative', [text('1', { size: 0 }), pdf('2')]),
			'1',
		],
		[
			'all texts in order, should the first ones be blank',
			multi('mixed', [multi('alternative', [html('1.1'), text('1.2')]), text('2')]),
			'1.2 1.1 2',
		],
		[
			'what a related starts with',
			multi('related', [text('1', { id: '<a@x>' }), html('2', { id: '<b@x>' })], {
				parameters: { start: '<b@x>' },
			}),
			'2 1',
		],
		[
			'text of another kind where there is no other',
			multi('mixed', [pdf('1'), text('2', { type: 'text/x-log' })]),
			'2',
		],
		[
			'no file of another kind',
			text('1', {
				type: 'text/csv',
				disposition: 'inline',
				dispositionParameters: { filename: 'a.csv' },
			}),
			null,
		],
		['a whole mail of no type', { type: 'application/octet-stream', size: 9 }, '1'],
		['plain/text', { type: 'plain/text', size: 9 }, '1'],
		['XHTML', { type: 'application/xhtml+xml', size: 9 }, '1'],
		['HTML where there is no plain text', multi('related', [html('1'), pdf('2')]), '1'],
		['HTML before a plain footer', multi('mixed', [html('1'), text('2')]), '1'],
		['a text behind an attachment', multi('mixed', [pdf('1'), text('2')]), '2'],
		[
			'nested alternatives inside related inside mixed',
			multi('mixed', [
				multi('related', [multi('alternative', [text('1.1.1'), html('1.1.2')]), pdf('1.2')]),
				pdf('2'),
			]),
			'1.1.1',
		],
		[
			'not a text that is attached',
			multi('mixed', [text('1', { disposition: 'attachment' }), html('2')]),
			'2',
		],
		[
			'an inline text with a file name',
			multi('mixed', [
				text('1', { disposition: 'inline', dispositionParameters: { filename: 'a.txt' } }),
				pdf('2'),
			]),
			'1',
		],
		['not the text of an attached message', multi('mixed', [inner('1'), text('2')]), '2'],
		['none when only an attached message is there', multi('mixed', [inner('1')]), null],
		[
			'none in a message that is an attached message',
			{ type: 'message/rfc822', size: 5, childNodes: [rootText] },
			null,
		],
		['none in a message that is a picture', { type: 'image/png', size: 5 }, null],
		[
			'everything in a multipart without parts',
			multi('mixed', [], { parameters: { boundary: 'b' } }),
			'TEXT',
		],
	];

	it.each(['/', 'text/', ''])('reads the type "%s" as plain text', (type) => {
		expect(toMessageParts({ type, size: 10 })).toMatchObject({
			text: { key: '1', format: 'text' },
			attachments: [],
		});
	});

	it.each(rows)('%s', (_name, root, keys) => {
		const found = keysOf(toMessageParts(root).text);
		expect(found[0] ?? null).toBe(keys?.split(' ')[0] ?? null);
		if (keys?.includes(' ')) expect(found.join(' ')).toBe(keys);
	});

	it('is HTML first for rules that want that', () => {
		const root = multi('mixed', [multi('alternative', [text('1.1'), html('1.2')]), text('2')]);
		const { text: first } = toMessageParts(root);
		expect(first && keysOf(inOrderOf('plain', first))).toEqual(['1.1', '1.2', '2']);
		expect(first && keysOf(inOrderOf('html', first))).toEqual(['1.2', '1.1', '2']);
	});

	it('is nothing when the server gives no structure', () => {
		expect(toMessageParts(undefined)).toStrictEqual({
			text: null,
			attachments: [],
			isCut: false,
		});
	});

	it('carries how the bytes are written', () => {
		const parameters = { charset: 'ISO-8859-1', format: 'Flowed', delsp: 'Yes' };

		expect(toMessageParts(text('1', { parameters, encoding: 'BASE64' })).text).toStrictEqual({
			key: '1',
			format: 'text',
			encoding: 'base64',
			charset: 'ISO-8859-1',
			flowed: true,
			delSp: true,
			size: 100,
			isRoot: false,
		});
	});
});

describe('what the attachments are', () => {
	it('lists files, attached messages and calendars, but not the other alternative', () => {
		const calendar = text('1.3', { type: 'text/calendar' });
		const root = multi('mixed', [
			multi('alternative', [text('1.1'), html('1.2'), calendar]),
			pdf('2'),
			inner('3'),
			text('4', { disposition: 'inline', dispositionParameters: { filename: 'log.txt' } }),
		]);

		expect(toMessageParts(root).attachments).toStrictEqual([
			{ part: '1.3', fileName: null, contentType: 'text/calendar', size: 100 },
			{ part: '2', fileName: 'report.pdf', contentType: 'application/pdf', size: 5000 },
			{ part: '3', fileName: null, contentType: 'message/rfc822', size: 900 },
			{ part: '4', fileName: 'log.txt', contentType: 'text/plain', size: 100 },
		]);
	});

	it('takes the name of Content-Type where the disposition has none, on one line', () => {
		const file: Node = { part: '1', type: 'image/png', parameters: { name: 'a\r\n\tb.png' } };

		expect(toMessageParts(file).attachments[0]?.fileName).toBe('a b.png');
	});

	it('looks at no more parts than the limit', () => {
		const root = multi(
			'mixed',
			Array.from({ length: 5000 }, (_, index) => pdf(String(index + 1))),
		);

		const { attachments, isCut } = toMessageParts(root, { parts: 1000, depth: 50 });
		expect(attachments).toHaveLength(999);
		expect(isCut).toBe(true);
		expect(toMessageParts(root, { parts: 5001, depth: 2 }).isCut).toBe(false);
	});

	it('looks no deeper than the limit', () => {
		const deep = Array.from({ length: 200 }).reduce<Node>(
			(node) => multi('mixed', [node]),
			pdf('1'),
		);

		expect(toMessageParts(deep, { parts: 1000, depth: 50 })).toMatchObject({
			attachments: [],
			isCut: true,
		});
	});
});
