import type { MessageStructureObject } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { parseMime, textWithinHeader } from '../../../nodes/mail/messages/mime-tree';

const toBytes = (...lines: readonly string[]) => Buffer.from(lines.join('\r\n'), 'latin1');

/** Sections and types of what has no parts, with the content. */
const leavesOf = (message: Buffer) => {
	const { structure, parts } = parseMime(message);
	const leaves = (node: MessageStructureObject): string[] =>
		node.childNodes?.flatMap(leaves) ?? [
			`${node.part ?? '1'} ${node.type}: ${parts.get(node.part ?? '1')?.content.toString() ?? ''}`,
		];
	return leaves(structure);
};
const TEXT = ['Content-Type: text/plain', '', 'a'];
const MIXED = 'Content-Type: multipart/mixed; boundary=b';

describe('a message that is taken apart', () => {
	it.each<[string, Buffer, readonly string[]]>([
		['without parts', toBytes('Subject: s', '', 'a', ''), ['1 text/plain: a\r\n']],
		['without a text', toBytes('Subject: s'), ['1 text/plain: ']],
		[
			'behind a byte order mark',
			toBytes('\u00EF\u00BB\u00BFSubject: s', '', 'a'),
			['1 text/plain: a'],
		],
		['of a mailbox file', toBytes('From neo Tue', 'Subject: s', '', 'a'), ['1 text/plain: a']],
		['that ends its lines with CR', Buffer.from('Subject: s\r\ra\rb'), ['1 text/plain: a\nb']],
		[
			'with two parts',
			toBytes(MIXED, '', 'x', '--b', ...TEXT, '--b ', ...TEXT, '--b--', 'y'),
			['1 text/plain: a', '2 text/plain: a'],
		],
		['without the last border', toBytes(MIXED, '', '--b', ...TEXT), ['1 text/plain: a']],
		[
			'with a part without a header',
			toBytes(MIXED, '', '--b', '', 'a', '--b--'),
			['1 text/plain: a'],
		],
		[
			'with a part in a part',
			toBytes(
				MIXED,
				'',
				'--b',
				'Content-Type: multipart/related; boundary=c',
				'',
				'--c',
				...TEXT,
				'--c--',
				'--b',
				...TEXT,
				'--b--',
			),
			['1.1 text/plain: a', '2 text/plain: a'],
		],
		[
			'with another boundary than it names',
			toBytes(MIXED, '', '--c', ...TEXT, '--c--'),
			['1 text/plain: a'],
		],
		[
			'with a boundary in a parameter that is not folded',
			toBytes('Content-Type: multipart/mixed;', 'boundary="b"', '', '--b', ...TEXT, '--b--'),
			['1 text/plain: a'],
		],
		[
			'without an empty line in front of a text',
			toBytes('Subject: s', 'a', 'b: c'),
			['1 text/plain: a\r\nb: c'],
		],
		[
			'without an empty line in front of a part',
			toBytes(MIXED, '--b', ...TEXT, '--b--'),
			['1 text/plain: a'],
		],
		[
			'with a line like a border in its text',
			toBytes(MIXED, '', '--b', ...TEXT, '--', '--bb', '--b--'),
			['1 text/plain: a\r\n--\r\n--bb'],
		],
		[
			'with a message in it',
			toBytes(MIXED, '', '--b', 'Content-Type: message/rfc822', '', 'Subject: s', '', 'a', '--b--'),
			['1 message/rfc822: Subject: s\r\n\r\na'],
		],
	])('%s has its parts', (_what, message, leaves) => {
		expect(leavesOf(message)).toStrictEqual(leaves);
	});

	it('has no more parts than a server is asked for', () => {
		const many = toBytes(MIXED, '', ...Array.from({ length: 5000 }, () => '--b\r\n\r\na'), '--b--');
		expect(leavesOf(many)).toHaveLength(999);
	});

	it('has the names of its files decoded', () => {
		const { structure } = parseMime(
			toBytes(
				"Content-Disposition: attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe",
				'Content-Type: application/pdf; name="=?utf-8?Q?Gr=C3=B6=C3=9Fe?="',
				'',
				'',
			),
		);
		expect(structure).toMatchObject({
			disposition: 'attachment',
			dispositionParameters: { filename: 'Größe' },
			parameters: { name: 'Größe' },
		});
	});
});

describe('the header of a part', () => {
	it.each<[string, string, string | undefined]>([
		['with an end', 'Content-Type: text/plain\r\nX-Host: db1\r\n\r\n', undefined],
		[
			'that a text follows at once',
			'Content-Type: text/plain\r\nDisk full\r\nb: c',
			'Disk full\r\nb: c',
		],
		[
			'that is followed by what only looks like a field',
			'Content-Type: text/plain;\r\n charset=utf-8\r\nHost: db1\r\n x',
			'Host: db1\r\n x',
		],
		['that is no header', 'Disk full', 'Disk full'],
		[
			'that is followed by both',
			'Content-Type: text/plain\r\nHost: db1\r\nDisk full',
			'Host: db1\r\nDisk full',
		],
	])('%s holds the text behind it', (_what, header, text) => {
		expect(textWithinHeader(Buffer.from(header))?.toString()).toBe(text);
	});
});
