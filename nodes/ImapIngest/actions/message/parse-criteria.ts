import { tryToParseDateTime } from 'n8n-workflow';

import { isRecord } from '../../../core/is-record';
import { IngestError, wrongSetting } from '../../../core/errors';
import type { MessageSearch } from '../../../core/message/message-search';
import { readWholeNumber, showValue } from '../../../core/whole-number';
import { readOptions, toOptionProperties } from '../../../shell/node-options';
import type { NodeOption } from '../../../shell/node-options';

const MAX_SIZE_KIB = 4_194_303;

const inWords = (displayName: string, description: string): NodeOption<string> => ({
	property: { displayName, type: 'string', default: '', description },
	read: (value) => {
		if (typeof value === 'string' && value.trim() !== '' && !/\p{Cc}/u.test(value)) return value;
		throw refusal(value, displayName, 'Write a text on one line');
	},
});

const onOrOff = (displayName: string, description: string): NodeOption<boolean> => ({
	property: { displayName, type: 'boolean', default: true, description },
	read: (value) => {
		if (typeof value === 'boolean') return value;
		throw refusal(value, displayName, 'Switch it on or off');
	},
});

const inTime = (displayName: string, description: string, timezone: string): NodeOption<Date> => ({
	property: { displayName, type: 'dateTime', default: '', description },
	read: (value) => {
		const isEmpty = value === undefined || value === null || value === '';
		try {
			if (!isEmpty) return tryToParseDateTime(value, timezone).toJSDate();
		} catch (error) {
			throw refusal(value, displayName, DATE_REMEDY, error);
		}
		throw refusal(value, displayName, DATE_REMEDY);
	},
});

const LARGER_THAN: NodeOption<number> = {
	property: {
		displayName: 'Larger Than (KiB)',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description: 'Messages of more than this size, attachments included',
	},
	read: (value) =>
		readWholeNumber(value, 'Larger Than (KiB)', { min: 0, max: MAX_SIZE_KIB }) * 1024,
};

/** What a search can ask for, by name; dates without an offset are of the time zone (IANA name). */
const criteriaIn = (timezone: string) => ({
	before: inTime('Arrived Before', 'Messages that arrived before this moment', timezone),
	since: inTime('Arrived Since', 'Messages that arrived at this moment or later', timezone),
	body: inWords('Body', 'Words in the text; many servers find whole words only'),
	flagged: onOrOff('Flagged', 'Whether to find flagged messages, or when off those without a flag'),
	from: inWords('From', 'A part of the sender: of the address or the name'),
	hasAttachment: onOrOff(
		'Has Attachment',
		'Whether to find messages with an attachment, or when off those without. No server knows, so the structure of what else fits is read.',
	),
	largerThan: LARGER_THAN,
	subject: inWords('Subject', 'A part of the subject, in any case'),
	to: inWords('To', 'A part of a recipient: of the address or the name'),
	unread: onOrOff('Unread', 'Whether to find unread messages, or when off those that were read'),
});

export const CRITERIA_PROPERTIES = toOptionProperties(criteriaIn('UTC'));

/**
 * Reads the criteria of a search. What was added has to say something: an empty text, as an expression without a result
 * gives it, would otherwise find every message.
 *
 * @param timezone IANA name, for dates without an offset
 * @throws IngestError `configuration` that names the criterion
 */
export function parseCriteria(value: unknown, timezone: string): MessageSearch {
	const criteria = criteriaIn(timezone);
	const given = isRecord(value) ? value : {};
	const unknown = Object.keys(given).find((name) => !Object.hasOwn(criteria, name));
	if (unknown !== undefined) {
		throw wrongSetting(
			'Criteria',
			`has an unknown criterion "${unknown}"`,
			`Use ${Object.keys(criteria).join(', ')}.`,
		);
	}
	const wanted = Object.entries(criteria).filter(([name]) => Object.hasOwn(given, name));
	return readOptions(Object.fromEntries(wanted), given);
}

const DATE_REMEDY = 'Write a date such as 2026-11-23 or 2026-11-23T08:00:00Z';

function refusal(value: unknown, field: string, remedy: string, cause?: unknown): IngestError {
	return new IngestError('configuration', `${field} is ${showValue(value)}.`, {
		field,
		remedy: `${remedy}, or remove the criterion.`,
		cause,
	});
}
