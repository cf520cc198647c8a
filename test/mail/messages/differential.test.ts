import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import type { EmailAddress } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../nodes/core/rules/compile-rules';
import { evaluate } from '../../../nodes/core/rules/evaluate';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';
import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { toHtmlBody } from '../../../nodes/mail/text/html-text';
import { isVisible } from '../../../nodes/mail/text/visible';

const FOLDER = path.join(__dirname, '..', '..', 'fixtures', 'mail');

interface Expectation {
	from: readonly string[];
	subject: string;
	rule: { Name: string };
	payload: Record<string, unknown>;
}

interface Reading {
	readonly from: readonly string[];
	readonly subject: string;
	readonly text: string;
}

const NAMES = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.eml'))
	.map((file) => file.slice(0, -'.eml'.length));
const bytesOf = (name: string) => readFileSync(path.join(FOLDER, `${name}.eml`));
const expectationOf = (name: string) =>
	JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Expectation;
const choose = (text: string, html: string) =>
	isVisible(text) || html === '' ? text : toHtmlBody(html).text;

const flatten = (entries: readonly EmailAddress[]): string[] =>
	entries.flatMap(({ address, group }) => (group ? flatten(group) : address ? [address] : []));

const READERS: Readonly<Record<string, (mail: Buffer) => Promise<Reading>>> = {
	mailparser: async (bytes) => {
		const options = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true };
		const mail = await simpleParser(bytes, options);
		return {
			from: flatten(mail.from?.value ?? []),
			subject: mail.subject ?? '',
			text: choose(mail.text ?? '', mail.html === false ? '' : (mail.html ?? '')),
		};
	},
	'postal-mime': async (bytes) => {
		const mail = await PostalMime.parse(bytes);
		const { from } = mail;
		const members = from?.group ?? (from ? [from] : []);
		return {
			from: members.flatMap(({ address }) => (address ? [address] : [])),
			subject: mail.subject ?? '',
			text: choose(mail.text ?? '', mail.html ?? ''),
		};
	},
};

/** What a reader makes of a mail otherwise than the fixture says, which is what the product makes of it. */
async function differenceOf(name: string, read: (mail: Buffer) => Promise<Reading>) {
	const expected = expectationOf(name);
	const reading = await read(bytesOf(name)).catch(() => undefined);
	if (reading === undefined) return 'throws';
	const { from, subject, text } = reading;
	const message = { from, subject, body: { text, source: 'text' as const, truncated: false } };
	const { matches } = await evaluate(compileRules(parseRules([expected.rule])), message, {
		which: 'first',
		budget: new MatchBudget(),
		pause: () => setImmediate(),
	});
	const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
	if (!same(from, expected.from)) return 'from';
	if (!same(subject, expected.subject)) return 'subject';
	return same(matches[0]?.payload, expected.payload) ? undefined : 'text';
}

/** Every mail that another reader reads otherwise, and why ours is right. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
	'a text that only tells of the HTML beside it is not what the sender says': [
		'alt-plain-is-hint',
		'alt-plain-is-hint-german',
		'alt-plain-is-hint-japanese',
		'alt-plain-is-html-source',
		'alt-plain-leads-elsewhere',
	],
	'a header begins with its first field and ends where a part or a text begins; a boundary is one wherever it is written':
		[
			'boundary-in-single-quotes',
			'boundary-not-folded',
			'boundary-twice',
			'boundary-without-semicolon',
			'header-end-is-blanks',
			'header-end-missing-html',
			'header-end-missing-multipart',
			'header-end-missing-text',
			'header-starts-with-bom',
			'mime-inner-boundary-missing',
			'mime-inner-boundary-wrong',
			'mime-part-header-never-ends',
		],
	'a multipart without parts is a text (RFC 2046, 5.1; RFC 2045, 5.2)': [
		'mime-boundary-never-used',
		'mime-boundary-parameter-missing',
	],
	'a message within the message is an attachment, whatever stands before the text': [
		'message-inside-before-text',
	],
	'a footer behind the HTML is not the text, and a related starts where it says (RFC 2387, 3.2)': [
		'mixed-html-then-footer',
		'related-start-second',
	],
	'what is text of any kind, or has no valid type, is text (RFC 2045, 5.2; RFC 2046, 4.1.4)': [
		'calendar-only',
		'mailx-octet-stream',
		'mixed-text-x-log-inline',
		'text-markdown',
		'type-missing-semicolon',
		'type-only-text',
		'type-plain-text',
		'xhtml',
	],
	'an entry of a calendar is what it describes, not what its alarm says (RFC 5545, 3.8.1.5, 3.6.6)':
		['calendar-alarm-first', 'calendar-beside-blank-text', 'calendar-quoted-parameter'],
	'these character sets exist (RFC 1843, RFC 1557, IANA)': [
		'charset-8859-15-short',
		'charset-euc-tw',
		'charset-hz',
		'charset-hz-base64',
		'charset-ibm850',
		'charset-iso-2022-cn',
		'charset-iso-2022-jp-2',
		'charset-iso-2022-kr',
		'charset-ks-c-5601',
		'charset-uhc',
	],
	'bytes that cannot, or hardly can, be in the charset of the label are in another one': [
		'charset-gb2312-but-utf-8',
		'charset-latin-1-but-utf-8',
		'charset-missing-iso-2022-jp',
		'charset-missing-latin-1',
		'charset-unknown-8bit',
		'charset-unknown-label-utf-8',
		'charset-us-ascii-but-latin-1',
		'charset-us-ascii-but-utf-8',
		'charset-utf-8-but-latin-1',
	],
	'a byte order mark is no character of the text': ['charset-utf-8-bom'],
	'windows-1252 has letters from 0x80 to 0x9F, which Node.js 20 does not know': [
		'charset-iso-8859-1-is-windows-1252',
		'charset-windows-1252-high-range',
		'html-windows-1252-base64',
		'printer-toner-windows-1252',
		'windows-task-qp-1252',
	],
	'a charset counts wherever it is named': [
		'charset-behind-comment',
		'charset-without-semicolon',
		'html-charset-in-http-equiv',
	],
	'an encoding is known by its name, whatever stands around it, and text is no base64': [
		'base64-url-safe',
		'encoding-base-64-with-blank',
		'encoding-base64-but-ok',
		'encoding-base64-but-plain',
		'encoding-base64-but-word',
		'encoding-quoted-printable-with-blank',
		'encoding-semicolon',
		'encoding-uuencode-without-name',
		'encoding-x-base64',
		'encoding-x-quoted-printable',
		'encoding-x-uuencode',
	],
	'blanks that lines are stuffed with, or end in, are no text (RFC 3676, RFC 2045, 6.7)': [
		'flowed-delsp-space-stuffed',
		'flowed-quoted',
		'flowed-then-empty-line',
		'qp-trailing-blanks',
	],
	'every From counts, and an address is what RFC 5322 (3.4, 4.4) says, in its own spelling': [
		'from-address-in-comment',
		'from-blank-before-dot',
		'from-blank-in-angle',
		'from-header-twice',
		'from-mailto',
		'from-name-in-angle',
		'from-punycode-domain',
		'from-quote-never-closed',
		'from-quoted-local-part',
		'from-route-and-upper-case',
		'from-two-at-names',
		'from-two-mailboxes',
		'from-without-domain',
		'from-zero-width-space',
	],
	'raw bytes in a subject are in the charset of the text, and a subject is one line': [
		'subject-encoded-line-end',
		'subject-folded-with-tab',
		'subject-iso-2022-kr',
		'subject-raw-8bit-in-word',
		'subject-raw-iso-2022-jp',
		'subject-raw-latin-1',
		'subject-raw-shift-jis',
		'subject-split-in-two-encodings',
		'subject-split-multibyte-base64',
	],
};

describe('the mails of the corpus', () => {
	// The fixtures say what the product makes of them: test/server/corpus.test.ts.
	it.each(Object.entries(READERS))(
		'are read by %s otherwise for good reason only',
		async (_name, read) => {
			const listed = new Set(Object.values(REASONS).flat());
			const differing: string[] = [];
			for (const name of NAMES) {
				const difference = await differenceOf(name, read);
				if (difference !== undefined && !listed.has(name)) differing.push(`${name}: ${difference}`);
			}
			expect(differing).toStrictEqual([]);
		},
	);

	it('that are listed exist', () => {
		expect(
			Object.values(REASONS)
				.flat()
				.filter((name) => !NAMES.includes(name)),
		).toStrictEqual([]);
	});
});
