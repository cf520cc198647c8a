import { IngestError } from '../core/errors';
import type { BodyText, MatchableMessage } from '../core/message';
import { parseAddresses } from '../mail/addresses';
import { toOneLine } from '../mail/head';
import { toHtmlText } from '../mail/html-text';
import type { ReadParameter } from '../shell/read-rules';
import { detectEmail, type EmailFields, toAddressTexts } from './detect-email';

/** An item as rules see it; `bodyRemedy` is set when the body is not in the item. */
export interface EmailItem {
	readonly message: MatchableMessage;
	readonly bodyRemedy: string | undefined;
}

/** Reads the email of an item as the Email Fields parameter says. */
export async function readEmail(
	read: ReadParameter,
	item: Readonly<Record<string, unknown>>,
): Promise<EmailItem> {
	const fields = read('emailFields') === 'choose' ? readChosenFields(read) : detectEmail(item);
	return { message: await toMessage(fields), bodyRemedy: fields.bodyRemedy };
}

function readChosenFields(read: ReadParameter): EmailFields {
	return {
		from: toAddressTexts(read('from')),
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

async function toMessage(fields: EmailFields): Promise<MatchableMessage> {
	const addresses = await Promise.all(fields.from.map(parseAddresses));
	return {
		from: addresses.flat(),
		subject: toOneLine(fields.subject),
		...(fields.bodyRemedy === undefined && { body: toBody(fields) }),
	};
}

/** The plain text; where there is none, text made of the HTML. */
function toBody({ text, html }: EmailFields): BodyText {
	if (text.trim() !== '') return { text, source: 'text', truncated: false };
	if (html.trim() === '') return { text, source: text === '' ? 'none' : 'text', truncated: false };
	return { ...toHtmlText(html), source: 'html' };
}
