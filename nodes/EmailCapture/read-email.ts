import type { INodeExecutionData } from 'n8n-workflow';
import { isRecord } from '../core/is-record';
import { IngestError } from '../core/errors';
import type { BodyText, Bounce, MatchableMessage, TextFrom } from '../core/message/message';
import {
	hasBracketsInName,
	readAddresses,
	readLastSender,
	readSenders,
} from '../mail/addresses/addresses';
import type { AddressList } from '../mail/addresses/addresses';
import { isHint, saysTheSame } from '../mail/messages/read-text';
import { isVisible } from '../mail/text/visible';
import { isMadeOfHtml } from './made-of-html';
import { toWellFormed } from '../mail/text/charset';
import { toOneLine } from '../mail/text/one-line';
import { toHtmlBody } from '../mail/text/html-text';
import type { ReadParameter } from '../shell/rules/read-rules';
import { readHeaderValues } from './item-headers';
import { detectEmail, type EmailFields, hasFields, toAddressTexts } from './detect-email';
import { findRawMessage, readRawMessage } from './raw-message';

/** An item as rules see it; `bodyRemedy` is set when the body is not in the item. */
export interface EmailItem {
	readonly message: MatchableMessage;
	readonly bodyRemedy: string | undefined;
	/** Where the item holds a whole message that is a delivery status. */
	readonly bounce?: Bounce;
}

/**
 * Reads the email of an item as the Email Fields parameter says.
 *
 * @param texts the bodies that rules ask for
 */
export async function readEmail(
	read: ReadParameter,
	{ json, binary }: Pick<INodeExecutionData, 'json' | 'binary'>,
	texts: readonly TextFrom[] = ['plain'],
): Promise<EmailItem> {
	const isChosen = read('emailFields') === 'choose';
	const raw = isChosen || hasFields(json) ? undefined : findRawMessage(json);
	if (raw !== undefined) return { ...readRawMessage(raw, texts), bodyRemedy: undefined };
	const fields = isChosen ? readChosenFields(read) : detectEmail(json);
	const attachmentNames = readAttachmentNames(json, binary);
	return {
		message: await toMessage(fields, attachmentNames, texts),
		bodyRemedy: fields.bodyRemedy,
	};
}

/** Names of the item's files, and of attachments that the item describes. */
function readAttachmentNames(
	{ attachments }: INodeExecutionData['json'],
	binary: INodeExecutionData['binary'] = {},
): readonly string[] {
	const described = Array.isArray(attachments) ? attachments.filter(isRecord) : [];
	const names = [
		...Object.values(binary).map(({ fileName }) => fileName),
		...described.map(({ fileName, filename, name }) => fileName ?? filename ?? name),
	];
	const texts = names.filter((name) => typeof name === 'string' && name !== '');
	return [...new Set(texts as string[])];
}

function readChosenFields(read: ReadParameter): EmailFields {
	return {
		...readHeaderValues(read('headers')),
		from: toAddressTexts(read('from')),
		to: toAddressTexts(read('to')),
		cc: toAddressTexts(read('cc')),
		subject: requireText(read('subject'), 'Subject'),
		text: requireText(read('text'), 'Text'),
		html: requireText(read('html'), 'HTML'),
	};
}

/** An expression without a result is an empty text; `false` is how mailparser says that there is none. */
function requireText(value: unknown, field: string): string {
	if (value === undefined || value === null || value === false) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	throw new IngestError('message-unreadable', `${field} is not a text.`, {
		field,
		remedy: 'Let the expression lead to the text itself, not to an object or list that holds it.',
	});
}

async function toMessage(
	fields: EmailFields,
	attachmentNames: readonly string[],
	texts: readonly TextFrom[],
): Promise<MatchableMessage> {
	const { to, cc, headers } = fields;
	const from = readFrom(fields);
	return {
		from: from.addresses,
		...(from.isAmbiguous && { ambiguousSender: true }),
		subject: toOneLine(fields.subject.slice(0, MAX_SUBJECT_LENGTH)),
		attachmentNames,
		...(to !== undefined && { to: readAddresses(to).addresses }),
		...(cc !== undefined && { cc: readAddresses(cc).addresses }),
		...(headers !== undefined && { headers }),
		...(fields.bodyRemedy === undefined && (await toBodies(fields, texts))),
	};
}

/** Characters of a subject that are read, as the triggers read them. */
const MAX_SUBJECT_LENGTH = 65_536;

/** Of a header value with decoded names the last angle brackets hold the address, where the list makes no sense otherwise. */
function readFrom({ from, isNameDecoded }: EmailFields): AddressList {
	const [only] = from;
	const isOne = isNameDecoded === true && from.length === 1 && only !== undefined;
	return isOne && hasBracketsInName(only) ? readLastSender(only) : readSenders(from);
}

async function toBodies(
	fields: EmailFields,
	texts: readonly TextFrom[],
): Promise<Pick<MatchableMessage, 'body' | 'bodyOfHtml'>> {
	const made = texts.includes('html') ? toMadeBody(fields.html) : undefined;
	const isMade = made !== undefined && isVisible(made.text);
	const isPlainWanted = texts.includes('plain') || !isMade;
	const body = isPlainWanted ? await toBody(fields) : undefined;
	const bodyOfHtml = isMade ? made : body;
	return {
		...(texts.includes('plain') && body !== undefined && { body }),
		...(texts.includes('html') && bodyOfHtml !== undefined && { bodyOfHtml }),
	};
}

function toMadeBody(html: string): BodyText {
	return { ...toHtmlBody(html), source: 'html' };
}

/** The plain text; where there is none, or it was made of the HTML by the node before, our own text of the HTML. */
async function toBody(fields: EmailFields): Promise<BodyText> {
	const text = clean(fields.text.slice(0, MAX_TEXT_LENGTH));
	const { html } = fields;
	const truncated = fields.text.length > MAX_TEXT_LENGTH;
	const plain: BodyText = { text, source: text === '' ? 'none' : 'text', truncated };
	if (html.trim() === '') return plain;
	const isPlain = isVisible(text) && !(await isMadeOfHtml(fields));
	if (isPlain && !isHint(plain)) return plain;
	const made = toMadeBody(html);
	return isPlain && (saysTheSame(made, plain) || !isVisible(made.text)) ? plain : made;
}

/** Characters of a text that are read: as many as the triggers read bytes. */
const MAX_TEXT_LENGTH = 262_144;

/** As the triggers give a text: without a byte order mark, NUL characters and halves of characters. */
function clean(text: string): string {
	return toWellFormed(text.replace(/^\uFEFF/, '').replaceAll('\0', ''));
}
