import type { Rule } from '../rule';
import { isHeaderName } from '../text-field';
import type { HeaderField, TextField } from '../text-field';
import type { Fields, NamedFields } from '../../json/fields';

const FILTER_KEYS = [
	'From',
	'To',
	'Cc',
	'Subject',
	'Headers',
	'AttachmentName',
	'Body',
	'Match',
] as const;

const MATCH = { All: undefined, Any: 'any' } as const;

/** Reads the `Filter` of a rule; Match is All or Any. */
export function readFilter(entry: Fields): Pick<Rule, 'filter' | 'match'> {
	const fields = entry.object('Filter', FILTER_KEYS);
	const match = fields?.choice('Match', MATCH);
	return {
		filter: {
			...given('from', fields?.string('From')),
			...given('to', fields?.string('To')),
			...given('cc', fields?.string('Cc')),
			...given('subject', fields?.string('Subject')),
			...readHeaders(fields, 'Headers', (headers, name) => headers.string(name) ?? ''),
			...given('attachmentName', fields?.string('AttachmentName')),
			...given('body', fields?.string('Body')),
		},
		...(match !== undefined && { match }),
	};
}

/** An empty filter pattern matches everything in .NET, which is what leaving it out means. */
function given(field: TextField, pattern: string | undefined): Rule['filter'] {
	return pattern === undefined || pattern === '' ? {} : { [field]: pattern };
}

/** Reads an object whose keys are names of header fields; what is empty is left out. */
export function readHeaders<Value extends string | readonly string[]>(
	fields: Fields | undefined,
	key: string,
	read: (headers: NamedFields, name: string) => Value,
): Readonly<Record<HeaderField, Value>> {
	const headers = fields?.named(key);
	const entries = (headers?.names() ?? []).flatMap((name) => {
		if (headers === undefined) return [];
		if (!isHeaderName(name)) {
			headers.fault(name, 'is no name of a header field', 'Write e.g. X-Priority.');
			return [];
		}
		const value = read(headers, name);
		return value.length === 0 ? [] : [[`header:${name}` as const, value] as const];
	});
	return Object.fromEntries(entries);
}
