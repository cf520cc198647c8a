import { isRecord } from '../core/is-record';
import { IngestError } from '../core/errors';
import type { HeaderValues } from '../core/message/message';
import { MAX_ADDRESSES } from '../mail/addresses/addresses';
import { decodeHeaderValue, decodeRawHeader } from '../mail/text/header-text';
import { isWholeLine, readHeaderValues, readRawFields } from './item-headers';

type Item = Readonly<Record<string, unknown>>;

/** What rules need of an item, as it stands there: addresses may have display names, the body may be HTML. */
export interface EmailFields {
	/** From-like header values or bare addresses. */
	readonly from: readonly string[];
	readonly subject: string;
	readonly text: string;
	readonly html: string;
	/** Like `from`; absent, as the header is, where the item does not hold it. */
	readonly to?: readonly string[];
	readonly cc?: readonly string[];
	readonly headers?: HeaderValues;
	/** Where addresses are header values whose names were decoded, so that brackets in a name look like those of an address. */
	readonly isNameDecoded?: true;
	/** Type of the whole mail as its header says, where the item holds that. */
	readonly contentType?: string;
	/** Set when the item does not hold the body of the email: what to change so that it does. */
	readonly bodyRemedy?: string;
}

interface ItemShape {
	readonly name: string;
	readonly isShapeOf: (item: Item) => boolean;
	readonly read: (item: Item) => EmailFields;
}

/** The shapes of items that email nodes put out, the distinctive ones first. */
const ITEM_SHAPES: readonly ItemShape[] = [
	{
		name: 'Gmail, simplified',
		isShapeOf: (item) => isText(item['threadId']) && isText(item['snippet']),
		read: (item) => ({
			...NO_EMAIL,
			...readRecipients(item),
			from: toAddressTexts(pick(item, ['from'])),
			subject: toText(pick(item, ['subject'])),
			bodyRemedy: 'Switch off Simplify in the Gmail node; a simplified item has only a snippet.',
		}),
	},
	{
		name: 'Microsoft Outlook',
		isShapeOf: (item) =>
			isText(item['bodyPreview']) || isGraphBody(item['body']) || isGraphAddress(item['from']),
		read: readGraphMessage,
	},
	{
		name: 'Email Trigger (IMAP), simple',
		isShapeOf: (item) => 'textPlain' in item || 'textHtml' in item,
		read: (item) => ({
			...readRecipients(item),
			...readHeaderValues(item['metadata'] ?? {}),
			from: toAddressTexts(item['from']),
			isNameDecoded: true,
			subject: toText(item['subject']),
			text: toText(item['textPlain']),
			html: toText(item['textHtml']),
		}),
	},
	{
		name: 'Gmail or Email Trigger (IMAP), resolved',
		isShapeOf: (item) =>
			isParsedAddress(item['from']) || (isRecord(item['headers']) && 'textAsHtml' in item),
		read: (item) => ({ ...readPlainKeys(item), ...readRecipients(item), ...readOriginals(item) }),
	},
	{
		name: 'from, subject, text and html',
		isShapeOf: hasFields,
		read: readPlainKeys,
	},
];

const NO_EMAIL: EmailFields = { from: [], subject: '', text: '', html: '' };

const FROM_KEYS = ['from', 'sender'];
const SUBJECT_KEYS = ['subject'];
const TEXT_KEYS = ['text', 'textBody', 'plain', 'body-plain', 'body'];
const HTML_KEYS = ['html', 'htmlBody', 'body-html'];
const ALL_KEYS = [...FROM_KEYS, ...SUBJECT_KEYS, ...TEXT_KEYS, ...HTML_KEYS];

/** True for an item with a sender, subject or text of its own. */
export function hasFields(item: Item): boolean {
	return pick(item, ALL_KEYS) !== undefined;
}

/**
 * Finds the email in an item of n8n's Gmail, Microsoft Outlook and Email Trigger (IMAP) nodes, in each of their
 * output formats, or of any node that names its fields from, subject, text and html.
 *
 * @throws IngestError `message-unreadable` when the item looks like no email
 */
export function detectEmail(item: Item): EmailFields {
	const shape = ITEM_SHAPES.find(({ isShapeOf }) => isShapeOf(item));
	if (shape !== undefined) return shape.read(item);
	throw new IngestError('message-unreadable', `No email was found in the item${keysOf(item)}.`, {
		field: 'Email Fields',
		remedy: isText(item['raw'])
			? 'Set Format to Resolved or Simple in Email Trigger (IMAP): its raw item has no sender and no subject.'
			: 'Set Email Fields to Choose Each Field and say where sender, subject and body are.',
	});
}

/** The texts of addresses in any of the usual forms: a header value, a list, mailparser's or Microsoft Graph's objects. */
export function toAddressTexts(value: unknown, depth = 0): readonly string[] {
	if (depth > MAX_DEPTH) return [];
	if (typeof value === 'string') return value.trim() === '' ? [] : [value];
	if (Array.isArray(value)) {
		// One more than are kept, so that it is noticed.
		const some: readonly unknown[] = value.slice(0, MAX_ADDRESSES + 1);
		return some.flatMap((one) => toAddressTexts(one, depth + 1));
	}
	if (!isRecord(value)) return [];
	for (const key of ['value', 'group', 'emailAddress', 'address', 'email', 'text']) {
		const texts = toAddressTexts(value[key], depth + 1);
		if (texts.length > 0) return texts;
	}
	return [];
}

/** Lists and objects in each other, as addresses of any node are written. */
const MAX_DEPTH = 6;

/** Of an item whose node leaves out what the mail does not have. */
function readRecipients(item: Item): Pick<EmailFields, 'to' | 'cc'> {
	return { to: toAddressTexts(pick(item, ['to'])), cc: toAddressTexts(pick(item, ['cc'])) };
}

/** What the header of a resolved item says itself, where it is there line by line. */
function readOriginals({ headers }: Item): Partial<EmailFields> {
	if (!isRecord(headers) || !isWholeLine('from', headers['from'])) return {};
	const fields = readRawFields(headers) ?? new Map<string, readonly string[]>();
	const texts = (name: string): readonly string[] =>
		(fields.get(name) ?? []).map((value) =>
			decodeRawHeader(Buffer.from(value, 'latin1'), '').trim(),
		);
	const [contentType = ''] = texts('content-type');
	const [subject = ''] = fields.get('subject') ?? [];
	const charset = /charset\s{0,10}=\s{0,10}"?([\w.:-]{1,40})/i.exec(contentType)?.[1] ?? '';
	return {
		from: texts('from'),
		to: texts('to'),
		cc: texts('cc'),
		contentType,
		// The node before knows of two subjects the first one, but not in which charset raw bytes are.
		...(isRaw(subject) && { subject: decodeHeaderValue(subject, charset) }),
	};
}

function isRaw(value: string): boolean {
	return value.includes('\u001B') || /[\u0080-\u00FF]/.test(value);
}

function readPlainKeys(item: Item): EmailFields {
	const hasRecipients = pick(item, ['to', 'cc']) !== undefined;
	return {
		...(hasRecipients && readRecipients(item)),
		...readHeaderValues(item['headers']),
		from: toAddressTexts(pick(item, FROM_KEYS)),
		subject: toText(pick(item, SUBJECT_KEYS)),
		text: toText(pick(item, TEXT_KEYS)),
		html: toText(pick(item, HTML_KEYS)),
	};
}

/** A message of Microsoft Graph, whole, simplified or with chosen fields only. */
function readGraphMessage(item: Item): EmailFields {
	const { body } = item;
	const head = {
		...NO_EMAIL,
		...readHeaderValues(item['internetMessageHeaders']),
		from: toAddressTexts(item['from'] ?? item['sender']),
		...readGraphRecipients(item),
		subject: toText(item['subject']),
	};
	if (!isGraphBody(body)) {
		return {
			...head,
			bodyRemedy: 'Set Output to Raw in the Microsoft Outlook node, or add Body to its fields.',
		};
	}
	const content = toText(body['content']);
	return toText(body['contentType']).toLowerCase() === 'html'
		? { ...head, html: content }
		: { ...head, text: content };
}

/** A simplified item has the To addresses under another name; a field that was not chosen is not known. */
function readGraphRecipients(item: Item): Pick<EmailFields, 'to' | 'cc'> {
	const to = item['toRecipients'] ?? item['to'];
	const cc = item['ccRecipients'];
	return {
		...(to !== undefined && { to: toAddressTexts(to) }),
		...(cc !== undefined && { cc: toAddressTexts(cc) }),
	};
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isGraphBody = (value: unknown): value is Item =>
	isRecord(value) && isText(value['contentType']);

const isGraphAddress = (value: unknown): boolean =>
	isRecord(value) && isRecord(value['emailAddress']);

const isParsedAddress = (value: unknown): boolean =>
	isRecord(value) && Array.isArray(value['value']);

/** Header names come in any case, and a key with an empty value counts less than one with a value. */
function pick(item: Item, keys: readonly string[]): unknown {
	const found = keys.flatMap((key) =>
		Object.keys(item)
			.filter((name) => name.toLowerCase() === key.toLowerCase())
			.map((name) => item[name]),
	);
	const values = found.filter((value) => value !== undefined && value !== null && value !== false);
	return values.find((value) => value !== '') ?? values[0];
}

/** Texts stay, missing ones are empty; mailparser says `false` where there is no HTML. */
function toText(value: unknown): string {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' ? value : '';
}

function keysOf(item: Item): string {
	const keys = Object.keys(item).slice(0, 8);
	return keys.length === 0 ? ', which is empty' : ` (it has ${keys.join(', ')})`;
}
