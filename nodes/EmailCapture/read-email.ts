import type { INodeExecutionData } from 'n8n-workflow';
import { isRecord } from '../core/is-record';
import { IngestError } from '../core/errors';
import type { BodyText, MatchableMessage } from '../core/message/message';
import { readAddresses, readSenders } from '../mail/messages/addresses';
import { toOneLine } from '../mail/messages/one-line';
import { toHtmlBody } from '../mail/messages/html-text';
import type { ReadParameter } from '../shell/rules/read-rules';
import { readHeaderValues } from './item-headers';
import { detectEmail, type EmailFields, toAddressTexts } from './detect-email';

/** An item as rules see it; `bodyRemedy` is set when the body is not in the item. */
export interface EmailItem {
	readonly message: MatchableMessage;
	readonly bodyRemedy: string | undefined;
}

/** Reads the email of an item as the Email Fields parameter says. */
export function readEmail(
	read: ReadParameter,
	{ json, binary }: Pick<INodeExecutionData, 'json' | 'binary'>,
): EmailItem {
	const fields = read('emailFields') === 'choose' ? readChosenFields(read) : detectEmail(json);
	const attachmentNames = readAttachmentNames(json, binary);
	return { message: toMessage(fields, attachmentNames), bodyRemedy: fields.bodyRemedy };
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

function toMessage(fields: EmailFields, attachmentNames: readonly string[]): MatchableMessage {
	const { to, cc, headers } = fields;
	const from = readSenders(fields.from);
	return {
		from: from.addresses,
		...(from.isAmbiguous && { ambiguousSender: true }),
		subject: toOneLine(fields.subject),
		attachmentNames,
		...(to !== undefined && { to: readAddresses(to).addresses }),
		...(cc !== undefined && { cc: readAddresses(cc).addresses }),
		...(headers !== undefined && { headers }),
		...(fields.bodyRemedy === undefined && { body: toBody(fields) }),
	};
}

/** The plain text; where there is none, text made of the HTML. */
function toBody({ text, html }: EmailFields): BodyText {
	if (text.trim() !== '') return { text, source: 'text', truncated: false };
	if (html.trim() === '') return { text, source: text === '' ? 'none' : 'text', truncated: false };
	return { ...toHtmlBody(html), source: 'html' };
}
