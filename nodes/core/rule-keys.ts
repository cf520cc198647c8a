import { headerSpelling } from './text-field';
import type { TextField } from './text-field';

const NAMES: Readonly<Partial<Record<TextField, string>>> = {
	from: 'From',
	to: 'To',
	cc: 'Cc',
	subject: 'Subject',
	attachmentName: 'AttachmentName',
	body: 'Body',
};

/** The key of a field's filter in a JSON rule: `Filter.From`, `Filter.Headers.X-Priority`. */
export function filterKey(field: TextField): string {
	return `Filter.${NAMES[field] ?? `Headers.${headerSpelling(field) ?? field}`}`;
}

/** The key of a field's captures in a JSON rule: `Payload.FromCaptures`, `Payload.HeaderCaptures.X-Priority`. */
export function captureKey(field: TextField): string {
	const name = NAMES[field];
	return `Payload.${name === undefined ? `HeaderCaptures.${headerSpelling(field) ?? field}` : `${name}Captures`}`;
}
