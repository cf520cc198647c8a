import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { compileRules } from '../../nodes/core/rules/compile-rules';
import { evaluate } from '../../nodes/core/rules/evaluate';
import { parseRules } from '../../nodes/core/rules/json/alertmagic';
import { MatchBudget } from '../../nodes/core/regex/pattern';
import { readEmail } from '../../nodes/EmailCapture/read-email';

const FOLDER = path.join(__dirname, '..', 'fixtures', 'mail');

interface Expectation {
	bodySource: string;
	rule: { Name: string };
	payload: Record<string, string>;
}

const NAMES = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.eml'))
	.map((file) => file.slice(0, -'.eml'.length));

const headersOf = ({ headerLines }: ParsedMail) =>
	Object.fromEntries(headerLines.map(({ key, line }) => [key, line]));
const plainJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as IDataObject;

/** As the Gmail API gives a message: nothing of it is lost on the way. */
const RAW = 'the whole message';

/** What the nodes of n8n make of a mail: Email Trigger (IMAP) and Gmail use mailparser, too. */
const SHAPES: Readonly<
	Record<string, (mail: ParsedMail, source: string, bytes: Buffer) => IDataObject>
> = {
	[RAW]: (_mail, _source, bytes) => ({ raw: bytes.toString('base64') }),
	'Email Trigger (IMAP), resolved': (mail) =>
		plainJson({
			...mail,
			headers: headersOf(mail),
			headerLines: undefined,
			attachments: undefined,
		}),
	'Gmail, resolved': (mail) =>
		plainJson({
			id: '1',
			threadId: '1',
			labelIds: ['INBOX'],
			...mail,
			headers: headersOf(mail),
			headerLines: undefined,
			attachments: undefined,
		}),
	'Email Trigger (IMAP), simple': (mail) =>
		plainJson({
			from: decodedFrom(mail),
			subject: mail.subject ?? '',
			textHtml: mail.html === false ? '' : mail.html,
			textPlain: mail.html === false || !isHtmlOnly(mail) ? mail.text : '',
			metadata: {},
		}),
	'Microsoft Outlook': (mail, source) =>
		plainJson({
			bodyPreview: '',
			from: { emailAddress: { address: mail.from?.value[0]?.address ?? '' } },
			subject: mail.subject ?? '',
			body:
				source === 'html'
					? { contentType: 'html', content: mail.html }
					: { contentType: 'text', content: mail.text ?? '' },
		}),
	'from, subject, text and html': (mail) =>
		plainJson({
			from: mail.from?.text ?? '',
			subject: mail.subject ?? '',
			text: isHtmlOnly(mail) ? '' : (mail.text ?? ''),
			html: mail.html === false ? '' : mail.html,
		}),
};

const isHtmlOnly = ({ headerLines, html }: ParsedMail) =>
	html !== false &&
	headerLines.some(({ key, line }) => key === 'content-type' && /:\s*text\/html/i.test(line));
/** Names are decoded there without being put in quotes again. */
const decodedFrom = ({ from }: ParsedMail) =>
	(from?.value ?? [])
		.map(({ name, address }) => (name === '' ? address : `${name} <${address ?? ''}>`))
		.join(', ');

async function payloadOf(json: IDataObject, rule: unknown) {
	const { message } = await readEmail(() => 'detect', { json });
	const { matches } = await evaluate(compileRules(parseRules([rule])), message, {
		which: 'first',
		budget: new MatchBudget(),
		pause: () => setImmediate(),
	});
	return matches[0]?.payload;
}

/** What the node before cannot hand over, since mailparser does not read it; the trigger does. */
const NOT_HANDED_OVER: Readonly<Record<string, readonly string[]>> = {
	'the charset is not known to mailparser, or not the one that the label says': [
		'charset-8859-15-short',
		'charset-behind-comment',
		'charset-euc-tw',
		'charset-gb2312-but-utf-8',
		'charset-hz',
		'charset-hz-base64',
		'charset-iso-2022-cn',
		'charset-iso-2022-jp-2',
		'charset-iso-2022-kr',
		'charset-latin-1-but-utf-8',
		'charset-missing-iso-2022-jp',
		'charset-missing-latin-1',
		'charset-uhc',
		'charset-unknown-8bit',
		'charset-us-ascii-but-latin-1',
		'charset-utf-8-but-latin-1',
		'charset-without-semicolon',
		'html-charset-in-http-equiv',
	],
	'mailparser does not know the encoding, or believes a wrong one': [
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
	'mailparser finds no text, since the type is another, or only beside it': [
		'calendar-alarm-first',
		'calendar-beside-blank-text',
		'calendar-only',
		'calendar-quoted-parameter',
		'mailx-octet-stream',
		'message-inside-before-text',
		'mixed-text-x-log-inline',
		'text-markdown',
		'type-missing-semicolon',
		'type-only-text',
		'type-plain-text',
		'xhtml',
	],
	'mailparser does not find the parts or the end of the header': [
		'boundary-in-single-quotes',
		'boundary-not-folded',
		'boundary-twice',
		'boundary-without-semicolon',
		'header-end-is-blanks',
		'header-end-missing-html',
		'header-end-missing-multipart',
		'header-end-missing-text',
		'mime-boundary-never-used',
		'mime-boundary-parameter-missing',
		'mime-inner-boundary-missing',
		'mime-inner-boundary-wrong',
		'mime-part-header-never-ends',
	],
	'mailparser leaves the blank that lines are stuffed with': [
		'flowed-delsp-space-stuffed',
		'flowed-then-empty-line',
	],
};
/** What is only in the header itself, which these shapes do not hold. */
const WITHOUT_HEADER: Readonly<Record<string, readonly string[]>> = {
	'mailparser garbles raw bytes in a subject': [
		'subject-raw-8bit-in-word',
		'subject-raw-iso-2022-jp',
		'subject-raw-latin-1',
		'subject-raw-shift-jis',
	],
	'mailparser writes the domain in letters': ['from-punycode-domain'],
	'mailparser takes a sender without a domain for a name': ['from-without-domain'],
	'a group, or several senders, come as one': ['from-group', 'from-two-mailboxes'],
};
const valuesOf = (table: Readonly<Record<string, readonly string[]>>) =>
	Object.values(table).flat();
const comparable = (shape: string) => {
	if (shape === RAW) return NAMES;
	const others = new Set([
		...valuesOf(NOT_HANDED_OVER),
		...(shape.endsWith('resolved') ? [] : valuesOf(WITHOUT_HEADER)),
	]);
	return NAMES.filter((name) => !others.has(name));
};

describe.each(Object.entries(SHAPES))('the mails of the corpus as items: %s', (shape, toItem) => {
	it.each(comparable(shape))('%s gives the payload that the trigger gives', async (name) => {
		const expected = JSON.parse(
			readFileSync(path.join(FOLDER, `${name}.json`), 'utf8'),
		) as Expectation;
		const bytes = readFileSync(path.join(FOLDER, `${name}.eml`));
		const item = toItem(await simpleParser(bytes), expected.bodySource, bytes);
		expect(await payloadOf(item, expected.rule)).toEqual(expected.payload);
	});
});
