import type { Place } from '../errors';

/** A header field by its name, in the spelling of the rule: `header:X-Priority`. */
export type HeaderField = `header:${string}`;

/** A text of a message that a pattern can be matched against. */
export type TextField =
	| 'from'
	| 'senderDomain'
	| 'to'
	| 'cc'
	| 'subject'
	| 'attachmentName'
	| 'body'
	/** The body with a tab between the cells of a table. */
	| 'cells'
	| HeaderField;

/** A text of a message that is no header field of its own. */
export type NamedField = Exclude<TextField, HeaderField>;

const FIELD_LABELS: Readonly<Record<NamedField, string>> = {
	from: 'From',
	senderDomain: "Sender's Domain",
	to: 'To',
	cc: 'Cc',
	subject: 'Subject',
	attachmentName: 'Attachment Name',
	body: 'Body',
	cells: 'Body',
};

const HEADER_PREFIX = 'header:';

/** In the order of what they cost; captures of a later one win. */
const BEFORE_HEADERS = ['from', 'senderDomain', 'to', 'cc', 'subject'] as const;
const AFTER_HEADERS = ['attachmentName', 'body', 'cells'] as const;

/** What can stand in the name of a header field here: RFC 5322 allows more, which nobody uses and a FETCH would trip over. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Whether the text of the message has to be read for it. */
export function isOfBody(field: TextField): boolean {
	return field === 'body' || field === 'cells';
}

/** True for a name that a header field can have. */
export function isHeaderName(name: string): boolean {
	return HEADER_NAME.test(name);
}

/** The name of the header field as the rule spells it, or undefined for a field of another kind. */
export function headerSpelling(field: TextField): string | undefined {
	return isHeaderField(field) ? field.slice(HEADER_PREFIX.length) : undefined;
}

/** The name of the header field in lower case, or undefined for a field of another kind. */
export function headerNameOf(field: TextField): string | undefined {
	return headerSpelling(field)?.toLowerCase();
}

/** What people call the field: `From`, `Header X-Priority`. */
export function fieldLabel(field: TextField): string {
	return isHeaderField(field) ? `Header ${field.slice(HEADER_PREFIX.length)}` : FIELD_LABELS[field];
}

/** The fields that have a value, in the order in which they are matched. */
export function fieldsOf(
	values: Readonly<Partial<Record<TextField, unknown>>>,
): readonly TextField[] {
	const headers = Object.keys(values).filter(isHeaderField);
	return [...BEFORE_HEADERS, ...headers, ...AFTER_HEADERS].filter(
		(field) => values[field] !== undefined,
	);
}

function isHeaderField(field: string): field is HeaderField {
	return field.startsWith(HEADER_PREFIX);
}

const NAMES: Readonly<Record<NamedField, string>> = {
	from: 'From',
	senderDomain: 'SenderDomain',
	to: 'To',
	cc: 'Cc',
	subject: 'Subject',
	attachmentName: 'AttachmentName',
	body: 'Body',
	cells: 'Body',
};

/** Where a JSON rule has the filter of a field: `Filter.From`, `Filter.Headers.X-Priority`. */
export function filterPlace(field: TextField): Place {
	return isHeaderField(field)
		? ['Filter', 'Headers', field.slice(HEADER_PREFIX.length)]
		: ['Filter', NAMES[field]];
}

/** Where a JSON rule has the captures of a field: `Payload.FromCaptures`, `Payload.HeaderCaptures.X-Priority`. */
export function capturePlace(field: TextField): Place {
	return isHeaderField(field)
		? ['Payload', 'HeaderCaptures', field.slice(HEADER_PREFIX.length)]
		: ['Payload', `${NAMES[field]}Captures`];
}
