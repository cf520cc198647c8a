import { capturePlace } from '../text-field';
import type { NamedField } from '../text-field';
import { allFields } from '../plain/all-conditions';
import type { CapturedField } from '../plain/fields';
import type { RecordSource } from '../plain/records';
import type { ValueMap } from '../plain/values';
import { FIELD_COLUMNS, MAP_COLUMNS, RECORD_COLUMNS } from './columns';
import { ofHeaders, toHeaderFields } from './header-fields';
import {
	choice,
	choiceOf,
	emptyToNothing,
	FLAG,
	PATTERNS,
	PATTERNS_BY_HEADER,
	SCALARS,
	TYPES,
} from './kinds';
import { beyondAlertMagic, defineKey, propertyKey } from './rule-key';
import type { KeyTexts, RuleKey } from './rule-key';
import { rowsOf } from './rows';

const BEYOND = beyondAlertMagic(
	'the payload lacks what it captured',
	'Capture from From, Subject or Body.',
);
/** What is about other fields. */
export const { gap: CAPTURE_GAP } = BEYOND;

const captures = (field: NamedField, about: KeyTexts): RuleKey =>
	defineKey({
		json: capturePlace(field).join('.'),
		form: `${field}Captures`,
		only: 1,
		...about,
		kind: PATTERNS,
		set: (patterns) => ({ captures: { [field]: patterns } }),
		get: (rule) => emptyToNothing(rule.captures[field]),
	});

/** The keys of `Payload`: what is captured, and what becomes of it. */
export const PAYLOAD_KEYS: readonly RuleKey[] = [
	captures('from', {
		label: 'From Captures',
		description: 'Patterns whose named groups are taken from the address of the sender',
		placeholder: 'e.g. ^(?<from>.+)$',
	}),
	captures('to', {
		label: 'To Captures',
		description: 'Patterns whose named groups are taken from a To address',
		placeholder: 'e.g. ^(?<team>[^@]+)@',
		...BEYOND,
	}),
	captures('cc', {
		label: 'Cc Captures',
		description: 'Patterns whose named groups are taken from a Cc address',
		placeholder: 'e.g. ^(?<copy>.+)$',
		...BEYOND,
	}),
	captures('subject', {
		label: 'Subject Captures',
		description: 'Patterns whose named groups are taken from the subject',
		placeholder: 'e.g. ^alert - (?<subject>.+)$',
	}),
	defineKey({
		json: 'Payload.HeaderCaptures',
		form: 'headerCaptures',
		label: 'Header Captures',
		description: 'Patterns whose named groups are taken from header fields',
		placeholder: 'e.g. ^(?<priority>\\d)',
		only: 1,
		...BEYOND,
		kind: PATTERNS_BY_HEADER,
		set: (lists) => ({ captures: toHeaderFields(lists) }),
		get: (rule) => ofHeaders(rule.captures),
	}),
	captures('attachmentName', {
		label: 'Attachment Captures',
		description: 'Patterns whose named groups are taken from the name of an attachment',
		placeholder: 'e.g. ^(?<report>.+)\\.pdf$',
		...BEYOND,
	}),
	captures('body', {
		label: 'Body Captures',
		description: 'Patterns whose named groups are taken from the body text',
		placeholder: 'e.g. Spoon: (?<spoon>[^\\n]+)',
	}),
	propertyKey({
		json: 'Payload.Fields',
		form: 'fields',
		label: 'Captured Fields',
		description: 'Values that are taken from the message into the payload',
		placeholder: 'Add Field',
		only: 2,
		kind: rowsOf<CapturedField>(FIELD_COLUMNS),
		getAll: (rule) => emptyToNothing(allFields(rule)),
	}),
	propertyKey({
		json: 'Payload.KeyValueLines',
		form: 'keyValueLines',
		label: 'Every Label and Value',
		description:
			'Whether each line "Label: value" of the body gives a value, named after its label: "Problem ID: 5" gives problemId',
		only: 2,
		...beyondAlertMagic('the payload lacks these values', 'Add a captured field for each label.'),
		kind: FLAG,
	}),
	propertyKey({
		json: 'Payload.Records',
		form: 'records',
		label: 'Lists of Records',
		description: 'Tables and whatever comes several times, as a list of objects in the payload',
		placeholder: 'Add List',
		only: 2,
		...beyondAlertMagic('the payload lacks these lists', 'Remove the lists.'),
		kind: rowsOf<RecordSource>(RECORD_COLUMNS),
	}),
	defineKey({
		json: 'Payload.WhenMissing',
		form: 'whenMissing',
		label: 'When a Group Is Missing',
		description:
			'What becomes of a named group that captured nothing, or whose value does not have its type',
		second: {
			label: 'When a Value Is Missing',
			description: 'What becomes of a field that is not found, or is not of its type',
			isOption: true,
		},
		gap: {
			effect: 'the payload lacks a group that captured nothing',
			remedy: 'Choose Leave It Out.',
			matters: () => true,
		},
		kind: choiceOf(
			choice('LeaveOut', 'Leave It Out', 'The payload has no such key'),
			choice('EmptyString', 'Empty String', 'The payload has the key, empty'),
			choice('Refuse', 'Refuse the Message', 'The rule does not match'),
		),
		set: (whenMissing) => ({ whenMissing }),
		get: ({ whenMissing }) => (whenMissing === 'leaveOut' ? undefined : whenMissing),
	}),
	propertyKey({
		json: 'Payload.Matches',
		form: 'matches',
		label: 'Captured Matches',
		description:
			'Which matches of each capture pattern in its field go into the payload. AlertMagic takes texts only: join a list before you send it there.',
		...beyondAlertMagic('only the first match of each capture counts', 'Choose First Match.'),
		kind: choiceOf(
			choice('First', 'First Match', 'A captured name has one value'),
			choice('All', 'All Matches', 'A captured name has a list of values'),
		),
	}),
	propertyKey({
		json: 'Payload.Types',
		form: 'types',
		label: 'Types',
		second: { label: 'Value Types' },
		description: 'Types of captured values; a value without one is text',
		placeholder: 'Add Type',
		...beyondAlertMagic('its values are texts', 'Remove the types.'),
		kind: TYPES,
	}),
	propertyKey({
		json: 'Payload.Maps',
		form: 'maps',
		label: 'Replaced Values',
		description: 'What captured values are called in the payload, such as critical instead of 2',
		placeholder: 'Add Value',
		only: 2,
		...beyondAlertMagic('values are as the mail writes them', 'Remove the replaced values.'),
		kind: rowsOf<ValueMap>(MAP_COLUMNS),
	}),
	propertyKey({
		json: 'Payload.Defaults',
		form: 'defaults',
		label: 'Default Values',
		description: 'Values of captured fields that are not found',
		placeholder: 'Add Value',
		only: 2,
		...beyondAlertMagic('the payload lacks what is not found', 'Remove the default values.'),
		kind: SCALARS,
	}),
	propertyKey({
		json: 'Payload.Texts',
		form: 'texts',
		label: 'Texts Made of Values',
		description: 'Texts that are put together, such as {host}: {state}',
		placeholder: 'Add Text',
		only: 2,
		...beyondAlertMagic('the payload lacks these texts', 'Remove the texts.'),
		kind: SCALARS,
	}),
	propertyKey({
		json: 'Payload.Fixed',
		form: 'fixed',
		label: 'Fixed Values',
		description: 'Values that every payload of the rule has',
		placeholder: 'Add Value',
		...beyondAlertMagic('the payload lacks these values', 'Remove the fixed values.'),
		kind: SCALARS,
	}),
];
