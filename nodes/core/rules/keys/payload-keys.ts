import type { WhenMissing } from '../rule';
import type { NamedField } from '../text-field';
import { allFields } from '../plain/all-conditions';
import type { CapturedField } from '../plain/fields';
import type { RecordSource } from '../plain/records';
import type { ValueMap } from '../plain/values';
import { FIELD_COLUMNS, MAP_COLUMNS, RECORD_COLUMNS } from './columns';
import { ofHeaders, toHeaderFields } from './header-fields';
import { choiceOf, FLAG, orNothing, PATTERNS, PATTERNS_BY_HEADER, SCALARS, TYPES } from './kinds';
import { beyondAlertMagic, defineKey } from './rule-key';
import type { Gap, KeyTexts, RuleKey } from './rule-key';
import { rowsOf } from './rows';

/** What is about other fields. */
export const CAPTURE_GAP: Gap = {
	effect: 'the payload lacks what it captured',
	remedy: 'Capture from From, Subject or Body.',
};
const BEYOND = beyondAlertMagic(CAPTURE_GAP);

const captures = (name: string, field: NamedField, about: KeyTexts): RuleKey =>
	defineKey(
		{ json: `Payload.${name}Captures`, form: `${field}Captures`, only: 1, ...about },
		PATTERNS,
		{
			set: (patterns) => ({ captures: { [field]: patterns } }),
			get: ({ captures: { [field]: patterns = [] } }) =>
				patterns.length > 0 ? patterns : undefined,
		},
	);

/** The keys of `Payload`: what is captured, and what becomes of it. */
export const PAYLOAD_KEYS: readonly RuleKey[] = [
	captures('From', 'from', {
		label: 'From Captures',
		description: 'Patterns whose named groups are taken from the address of the sender',
		placeholder: 'e.g. ^(?<from>.+)$',
	}),
	captures('To', 'to', {
		label: 'To Captures',
		description: 'Patterns whose named groups are taken from a To address',
		placeholder: 'e.g. ^(?<team>[^@]+)@',
		...BEYOND,
	}),
	captures('Cc', 'cc', {
		label: 'Cc Captures',
		description: 'Patterns whose named groups are taken from a Cc address',
		placeholder: 'e.g. ^(?<copy>.+)$',
		...BEYOND,
	}),
	captures('Subject', 'subject', {
		label: 'Subject Captures',
		description: 'Patterns whose named groups are taken from the subject',
		placeholder: 'e.g. ^alert - (?<subject>.+)$',
	}),
	defineKey(
		{
			json: 'Payload.HeaderCaptures',
			form: 'headerCaptures',
			label: 'Header Captures',
			description: 'Patterns whose named groups are taken from header fields',
			placeholder: 'e.g. ^(?<priority>\\d)',
			only: 1,
			...BEYOND,
		},
		PATTERNS_BY_HEADER,
		{
			set: (lists) => ({ captures: toHeaderFields(lists) }),
			get: (rule) => ofHeaders(rule.captures),
		},
	),
	captures('AttachmentName', 'attachmentName', {
		label: 'Attachment Captures',
		description: 'Patterns whose named groups are taken from the name of an attachment',
		placeholder: 'e.g. ^(?<report>.+)\\.pdf$',
		...BEYOND,
	}),
	captures('Body', 'body', {
		label: 'Body Captures',
		description: 'Patterns whose named groups are taken from the body text',
		placeholder: 'e.g. Spoon: (?<spoon>[^\\n]+)',
	}),
	defineKey(
		{
			json: 'Payload.Fields',
			form: 'fields',
			label: 'Captured Fields',
			description: 'Values that are taken from the message into the payload',
			placeholder: 'Add Field',
			only: 2,
		},
		rowsOf<CapturedField>(FIELD_COLUMNS),
		{
			set: (fields) => ({ fields }),
			get: ({ fields }) => fields,
			getAll: (rule) => orNothing(allFields(rule)),
		},
	),
	defineKey(
		{
			json: 'Payload.KeyValueLines',
			form: 'keyValueLines',
			label: 'Every Label and Value',
			description:
				'Whether each line "Label: value" of the body gives a value, named after its label: "Problem ID: 5" gives problemId',
			only: 2,
			...beyondAlertMagic({
				effect: 'the payload lacks these values',
				remedy: 'Add a captured field for each label.',
			}),
		},
		FLAG,
		{ set: (keyValueLines) => ({ keyValueLines }), get: ({ keyValueLines }) => keyValueLines },
	),
	defineKey(
		{
			json: 'Payload.Records',
			form: 'records',
			label: 'Lists of Records',
			description: 'Tables and whatever comes several times, as a list of objects in the payload',
			placeholder: 'Add List',
			only: 2,
			...beyondAlertMagic({ effect: 'the payload lacks these lists', remedy: 'Remove the lists.' }),
		},
		rowsOf<RecordSource>(RECORD_COLUMNS),
		{ set: (records) => ({ records }), get: ({ records }) => records },
	),
	defineKey(
		{
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
			},
		},
		choiceOf<WhenMissing>([
			{
				json: 'LeaveOut',
				value: 'leaveOut',
				label: 'Leave It Out',
				description: 'The payload has no such key',
			},
			{
				json: 'EmptyString',
				value: 'emptyString',
				label: 'Empty String',
				description: 'The payload has the key, empty',
			},
			{
				json: 'Refuse',
				value: 'refuse',
				label: 'Refuse the Message',
				description: 'The rule does not match',
			},
		]),
		{
			set: (whenMissing) => ({ whenMissing }),
			get: ({ whenMissing }) => (whenMissing === 'leaveOut' ? undefined : whenMissing),
		},
	),
	defineKey(
		{
			json: 'Payload.Matches',
			form: 'matches',
			label: 'Captured Matches',
			description:
				'Which matches of each capture pattern in its field go into the payload. AlertMagic takes texts only: join a list before you send it there.',
			...beyondAlertMagic({
				effect: 'only the first match of each capture counts',
				remedy: 'Choose First Match.',
			}),
		},
		choiceOf<'first' | 'all'>([
			{
				json: 'First',
				value: 'first',
				label: 'First Match',
				description: 'A captured name has one value',
			},
			{
				json: 'All',
				value: 'all',
				label: 'All Matches',
				description: 'A captured name has a list of values',
			},
		]),
		{ set: (matches) => (matches === 'all' ? { matches } : {}), get: ({ matches }) => matches },
	),
	defineKey(
		{
			json: 'Payload.Types',
			form: 'types',
			label: 'Types',
			second: { label: 'Value Types' },
			description: 'Types of captured values; a value without one is text',
			placeholder: 'Add Type',
			...beyondAlertMagic({ effect: 'its values are texts', remedy: 'Remove the types.' }),
		},
		TYPES,
		{ set: (types) => ({ types }), get: ({ types }) => types },
	),
	defineKey(
		{
			json: 'Payload.Maps',
			form: 'maps',
			label: 'Replaced Values',
			description: 'What captured values are called in the payload, such as critical instead of 2',
			placeholder: 'Add Value',
			only: 2,
			...beyondAlertMagic({
				effect: 'values are as the mail writes them',
				remedy: 'Remove the replaced values.',
			}),
		},
		rowsOf<ValueMap>(MAP_COLUMNS),
		{ set: (maps) => ({ maps }), get: ({ maps }) => maps },
	),
	defineKey(
		{
			json: 'Payload.Defaults',
			form: 'defaults',
			label: 'Default Values',
			description: 'Values of captured fields that are not found',
			placeholder: 'Add Value',
			only: 2,
			...beyondAlertMagic({
				effect: 'the payload lacks what is not found',
				remedy: 'Remove the default values.',
			}),
		},
		SCALARS,
		{ set: (defaults) => ({ defaults }), get: ({ defaults }) => defaults },
	),
	defineKey(
		{
			json: 'Payload.Texts',
			form: 'texts',
			label: 'Texts Made of Values',
			description: 'Texts that are put together, such as {host}: {state}',
			placeholder: 'Add Text',
			only: 2,
			...beyondAlertMagic({ effect: 'the payload lacks these texts', remedy: 'Remove the texts.' }),
		},
		SCALARS,
		{ set: (texts) => ({ texts }), get: ({ texts }) => texts },
	),
	defineKey(
		{
			json: 'Payload.Fixed',
			form: 'fixed',
			label: 'Fixed Values',
			description: 'Values that every payload of the rule has',
			placeholder: 'Add Value',
			...beyondAlertMagic({
				effect: 'the payload lacks these values',
				remedy: 'Remove the fixed values.',
			}),
		},
		SCALARS,
		{ set: (fixed) => ({ fixed }), get: ({ fixed }) => fixed },
	),
];
