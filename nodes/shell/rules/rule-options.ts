import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { NUMBER_FORMATS } from '../../core/rules/number-format';
import { patternList } from './rule-fields';

/** What a rule can do beyond AlertMagic's, out of the way until somebody adds it. */
export function ruleOptionsField(): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		// The editor shows them by name.
		options: [
			...otherFilters(),
			...otherCaptures(),
			headerRows({
				displayName: 'Header Captures',
				name: 'headerCaptures',
				placeholder: 'Add Capture',
				pattern: 'e.g. ^(?<priority>\\d)',
				description: 'Patterns whose named groups are taken from header fields',
			}),
			headerRows({
				displayName: 'Header Filters',
				name: 'headerFilters',
				placeholder: 'Add Filter',
				pattern: 'e.g. ^[12]\\b',
				description: 'Patterns that header fields have to match, one for each field',
			}),
			...switches(),
			fixedField(),
			typesField(),
		].sort((left, right) => left.displayName.localeCompare(right.displayName)),
	};
}

function otherFilters(): INodeProperties[] {
	return [
		filter({
			displayName: 'Attachment Filter',
			name: 'attachmentNameFilter',
			placeholder: 'e.g. \\.pdf$',
			description: 'Pattern the name of an attachment has to match',
		}),
		filter({
			displayName: 'Cc Filter',
			name: 'ccFilter',
			placeholder: 'e.g. @example\\.com$',
			description: 'Pattern the bare address of a Cc recipient has to match',
		}),
		filter({
			displayName: 'To Filter',
			name: 'toFilter',
			placeholder: 'e.g. ^alerts@',
			description: 'Pattern the bare address of a recipient has to match',
		}),
	];
}

function otherCaptures(): INodeProperties[] {
	return [
		patternList({
			displayName: 'Attachment Captures',
			name: 'attachmentNameCaptures',
			placeholder: 'e.g. ^(?<report>.+)\\.pdf$',
			description: 'Patterns whose named groups are taken from the name of an attachment',
		}),
		patternList({
			displayName: 'Cc Captures',
			name: 'ccCaptures',
			placeholder: 'e.g. ^(?<copy>.+)$',
			description: 'Patterns whose named groups are taken from a Cc address',
		}),
		patternList({
			displayName: 'To Captures',
			name: 'toCaptures',
			placeholder: 'e.g. ^(?<team>[^@]+)@',
			description: 'Patterns whose named groups are taken from a To address',
		}),
	];
}

function switches(): INodeProperties[] {
	return [
		{
			displayName: 'Captured Matches',
			name: 'matches',
			type: 'options',
			options: [
				{ name: 'All Matches', value: 'all', description: 'A captured name has a list of values' },
				{ name: 'First Match', value: 'first', description: 'A captured name has one value' },
			],
			default: 'all',
			description:
				'Which matches of each capture pattern in its field go into the payload. AlertMagic takes texts only: join a list before you send it there.',
		},
		{
			displayName: 'Continue With Next Rules',
			name: 'continue',
			type: 'boolean',
			default: true,
			description:
				'Whether the rules below are tried too after this one has matched, each of them giving an item of its own',
		},
		{
			displayName: 'Ignore Case',
			name: 'ignoreCase',
			type: 'boolean',
			default: true,
			description: 'Whether all patterns of the rule take upper and lower case as the same',
		},
		{
			displayName: 'Match',
			name: 'match',
			type: 'options',
			options: [
				{ name: 'All Filters', value: 'all', description: 'Every filter has to match' },
				{ name: 'Any Filter', value: 'any', description: 'One filter that matches is enough' },
			],
			default: 'any',
			description: 'How many of the filters have to match',
		},
	];
}

type About = Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'description'>;

function filter(about: About): INodeProperties {
	return { ...about, type: 'string', default: '' };
}

function rows(about: About, group: string, values: INodeProperties[]): INodeProperties {
	return {
		...about,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: {},
		options: [{ name: group, displayName: group === 'header' ? 'Header' : 'Value', values }],
	};
}

function headerRows({ pattern, ...about }: About & { pattern: string }): INodeProperties {
	return rows(about, 'header', [
		{
			displayName: 'Header Name',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'e.g. X-Priority',
			description: 'Name of the header field, in any case',
		},
		{
			displayName: 'Pattern',
			name: 'pattern',
			type: 'string',
			default: '',
			placeholder: pattern,
			description: 'Tried on each value of the field, decoded and on one line',
		},
	]);
}

function fixedField(): INodeProperties {
	const about = {
		displayName: 'Fixed Values',
		name: 'fixed',
		placeholder: 'Add Value',
		description: 'Values that every payload of the rule has',
	};
	return rows(about, 'value', [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'e.g. team',
			description: 'Key in the payload',
		},
		{
			displayName: 'Value',
			name: 'value',
			type: 'string',
			default: '',
			placeholder: 'e.g. network',
			description: 'The value; an expression may also give a number, or true or false',
		},
	]);
}

function typesField(): INodeProperties {
	const about = {
		displayName: 'Types',
		name: 'types',
		placeholder: 'Add Type',
		description: 'Types of captured values; a value without one is text',
	};
	const whenType = (type: string): IDisplayOptions => ({ show: { type: [type] } });
	return rows(about, 'value', [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'e.g. charge',
			description: 'Name of the named group',
		},
		{
			displayName: 'Type',
			name: 'type',
			type: 'options',
			options: [
				{
					name: 'Boolean',
					value: 'boolean',
					description: 'True, yes, on or 1, and their opposites',
				},
				{ name: 'Date', value: 'date', description: 'Becomes ISO 8601' },
				{ name: 'Number', value: 'number' },
				{ name: 'Text', value: 'text' },
			],
			default: 'number',
			description: 'What the captured text is turned into',
		},
		{
			displayName: 'Number Format',
			name: 'numberFormat',
			type: 'options',
			options: NUMBER_FORMATS.map((format) => ({ name: format, value: format })),
			default: '1234.5',
			displayOptions: whenType('number'),
			description: 'How the mail writes numbers; separators between thousands may be missing',
		},
		{
			displayName: 'Date Format',
			name: 'dateFormat',
			type: 'string',
			default: '',
			placeholder: 'e.g. dd.MM.yyyy HH:mm',
			displayOptions: whenType('date'),
			description: 'How the mail writes dates. Leave empty for ISO 8601 and dates of mail headers.',
		},
	]);
}
