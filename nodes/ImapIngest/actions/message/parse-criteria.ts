import { tryToParseDateTime } from 'n8n-workflow';

import { isRecord } from '../../../core/is-record';
import { IngestError, wrongSetting } from '../../../core/errors';
import type { MessageSearch } from '../../../core/message/message-search';
import { readWholeNumber, showValue } from '../../../core/whole-number';

const MAX_SIZE_KIB = 4_194_303;

/** How each criterion is read, and what the screen calls it. */
const CRITERIA: Readonly<
	Record<keyof MessageSearch, (value: unknown, timezone: string) => MessageSearch>
> = {
	from: (value) => ({ from: toText(value, 'From') }),
	to: (value) => ({ to: toText(value, 'To') }),
	subject: (value) => ({ subject: toText(value, 'Subject') }),
	body: (value) => ({ body: toText(value, 'Body') }),
	since: (value, timezone) => ({ since: toDate(value, 'Arrived Since', timezone) }),
	before: (value, timezone) => ({ before: toDate(value, 'Arrived Before', timezone) }),
	unread: (value) => ({ unread: toBoolean(value, 'Unread') }),
	flagged: (value) => ({ flagged: toBoolean(value, 'Flagged') }),
	hasAttachment: (value) => ({ hasAttachment: toBoolean(value, 'Has Attachment') }),
	largerThan: (value) => ({
		largerThan: readWholeNumber(value, 'Larger Than (KiB)', { min: 0, max: MAX_SIZE_KIB }) * 1024,
	}),
};

/**
 * Reads the criteria of a search. What was added has to say something: an empty text, as an expression without a result
 * gives it, would otherwise find every message.
 *
 * @param timezone IANA name, for dates without an offset
 * @throws IngestError `configuration` that names the criterion
 */
export function parseCriteria(value: unknown, timezone: string): MessageSearch {
	const given = isRecord(value) ? Object.entries(value) : [];
	return given.reduce<MessageSearch>((search, [name, criterion]) => {
		if (!isCriterion(name)) {
			throw wrongSetting(
				'Criteria',
				`has an unknown criterion "${name}"`,
				`Use ${Object.keys(CRITERIA).join(', ')}.`,
			);
		}
		return { ...search, ...CRITERIA[name](criterion, timezone) };
	}, {});
}

function isCriterion(name: string): name is keyof MessageSearch {
	return Object.hasOwn(CRITERIA, name);
}

function toText(value: unknown, field: string): string {
	if (typeof value === 'string' && value.trim() !== '' && !/\p{Cc}/u.test(value)) return value;
	throw refusal(value, field, 'Write a text on one line');
}

function toBoolean(value: unknown, field: string): boolean {
	if (typeof value === 'boolean') return value;
	throw refusal(value, field, 'Switch it on or off');
}

function toDate(value: unknown, field: string, timezone: string): Date {
	const isEmpty = value === undefined || value === null || value === '';
	try {
		if (!isEmpty) return tryToParseDateTime(value, timezone).toJSDate();
	} catch (error) {
		throw refusal(value, field, DATE_REMEDY, error);
	}
	throw refusal(value, field, DATE_REMEDY);
}

const DATE_REMEDY = 'Write a date such as 2026-11-23 or 2026-11-23T08:00:00Z';

function refusal(value: unknown, field: string, remedy: string, cause?: unknown): IngestError {
	return new IngestError('configuration', `${field} is ${showValue(value)}.`, {
		field,
		remedy: `${remedy}, or remove the criterion.`,
		cause,
	});
}
