import type { WhenMissing } from '../rule';
import type { NamedField } from '../text-field';
import { ofHeaders, toHeaderFields } from './header-fields';
import { choiceOf, PATTERNS, PATTERNS_BY_HEADER, SCALARS, TYPES } from './kinds';
import { beyondAlertMagic, defineKey } from './rule-key';
import type { KeyTexts, RuleKey } from './rule-key';

const BEYOND = beyondAlertMagic({
	effect: 'the payload lacks what it captured',
	remedy: 'Capture from From, Subject or Body.',
});

const captures = (name: string, field: NamedField, about: KeyTexts): RuleKey =>
	defineKey({ json: `Payload.${name}Captures`, form: `${field}Captures`, ...about }, PATTERNS, {
		set: (patterns) => ({ captures: { [field]: patterns } }),
		get: ({ captures: { [field]: patterns = [] } }) => (patterns.length > 0 ? patterns : undefined),
	});

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
			json: 'Payload.WhenMissing',
			form: 'whenMissing',
			label: 'When a Group Is Missing',
			description:
				'What becomes of a named group that captured nothing, or whose value does not have its type',
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
			description: 'Types of captured values; a value without one is text',
			placeholder: 'Add Type',
			...beyondAlertMagic({ effect: 'its values are texts', remedy: 'Remove the types.' }),
		},
		TYPES,
		{ set: (types) => ({ types }), get: ({ types }) => types },
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
