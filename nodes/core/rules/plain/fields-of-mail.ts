import { headerSpelling } from '../text-field';
import type { TextField } from '../text-field';

/** A field of a message as a condition or a captured field names it; of `header` the name stands beside it. */
const MAIL_FIELDS = [
	'from',
	'senderDomain',
	'to',
	'cc',
	'subject',
	'body',
	'header',
	'attachmentName',
] as const;
export type MailField = (typeof MAIL_FIELDS)[number];

/** The field and, of a header field, its name. */
export interface MailFieldReference {
	readonly field: MailField;
	readonly header?: string;
}

/** The text that it stands for. */
export function toTextField({ field, header = '' }: MailFieldReference): TextField {
	return field === 'header' ? `header:${header}` : field;
}

/** The reference that stands for a text of a message. */
export function toMailField(field: TextField): MailFieldReference {
	const header = headerSpelling(field);
	if (header !== undefined) return { field: 'header', header };
	return { field: MAIL_FIELDS.find((known) => known === field) ?? 'body' };
}
