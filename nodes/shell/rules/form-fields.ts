import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { NUMBER_FORMATS } from '../../core/rules/number-format';
import type { Column } from '../../core/rules/keys/kinds';
import { keysOfForm } from '../../core/rules/keys/rule-keys';
import type { FormVersion, RuleKey } from '../../core/rules/keys/rule-key';

export interface RuleFieldsOptions {
	readonly version: FormVersion;
	/** Whether the node watches a mailbox, and can tidy it. */
	readonly cleanUp: boolean;
}

/** The fields of a rule; what few need is under Options until somebody adds it. */
export function ruleFields({ version, cleanUp }: RuleFieldsOptions): INodeProperties[] {
	const keys = keysOfForm(version).filter(
		({ group }) => cleanUp || (group !== 'CleanUp' && group !== 'Expect'),
	);
	return [
		...keys.filter(({ isOption }) => isOption !== true).map(toField),
		{
			displayName: 'Rule Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Rule Option',
			default: {},
			// The editor shows them by name.
			options: keys
				.filter(({ isOption }) => isOption === true)
				.map(toField)
				.sort((left, right) => left.displayName.localeCompare(right.displayName)),
		},
	];
}

type Field = Omit<Column, 'json' | 'kind'> & {
	readonly kind: Pick<RuleKey['kind'], 'type' | 'choices' | 'columns'>;
	readonly isOption?: true;
};

function toField(field: Field): INodeProperties {
	const { label, form, description, placeholder, onlyWhen } = field;
	return {
		displayName: label,
		name: form,
		...(description !== undefined && { description }),
		...(placeholder !== undefined && { placeholder }),
		...(form === 'name' && { required: true }),
		...(onlyWhen !== undefined && {
			displayOptions: { show: { [onlyWhen.form]: [...onlyWhen.is] } },
		}),
		...CONTROLS[field.kind.type](field),
	};
}

type Control = Pick<INodeProperties, 'type' | 'default' | 'typeOptions' | 'options'> &
	Pick<Partial<INodeProperties>, 'placeholder'>;

/** What the editor shows for each kind of value. An option that is added starts with the value that is not the default. */
const CONTROLS: Readonly<Record<RuleKey['kind']['type'], (field: Field) => Control>> = {
	text: () => ({ type: 'string', default: '' }),
	patterns: () => ({
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Pattern' },
		default: [],
	}),
	flag: () => ({ type: 'boolean', default: true }),
	wholeNumber: () => ({
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
	}),
	choice: ({ kind: { choices = [] }, isOption }) => ({
		type: 'options',
		options: choices.map(({ label: name, value, description }) => ({
			name,
			value,
			...(description !== undefined && { description }),
		})),
		default: choices[isOption === true ? 1 : 0]?.value ?? '',
	}),
	choices: ({ kind: { choices = [] } }) => ({
		type: 'multiOptions',
		options: choices.map(({ label: name, value }) => ({ name, value })),
		default: [],
	}),
	patternByHeader: ({ placeholder }) => headerRows('Add Filter', placeholder),
	patternsByHeader: ({ placeholder }) => headerRows('Add Capture', placeholder),
	scalars: () => rows('value', 'Value', SCALAR_COLUMNS),
	types: () => rows('value', 'Value', TYPE_COLUMNS),
	texts: () => ({
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Value' },
		default: [],
	}),
	rows: ({ kind: { columns = [] }, placeholder = '' }) =>
		rows('row', placeholder.replace(/^Add /u, ''), columns.map(toField)),
};

function rows(name: string, displayName: string, values: readonly INodeProperties[]): Control {
	return {
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: {},
		options: [{ name, displayName, values: [...values] }],
	};
}

function headerRows(button: string, placeholder = ''): Control {
	const columns = [
		text('name', 'Header Name', 'e.g. X-Priority', 'Name of the header field, in any case'),
		text(
			'pattern',
			'Pattern',
			placeholder,
			'Tried on each value of the field, decoded and on one line',
		),
	];
	return { ...rows('header', 'Header', columns), placeholder: button };
}

function text(
	name: string,
	displayName: string,
	placeholder: string,
	description: string,
): INodeProperties {
	return { displayName, name, type: 'string', default: '', placeholder, description };
}

const SCALAR_COLUMNS: readonly INodeProperties[] = [
	text('name', 'Name', 'e.g. team', 'Key in the payload'),
	text(
		'value',
		'Value',
		'e.g. network',
		'The value; an expression may also give a number, or true or false',
	),
];

const whenType = (type: string): IDisplayOptions => ({ show: { type: [type] } });

const TYPE_COLUMNS: readonly INodeProperties[] = [
	text('name', 'Name', 'e.g. charge', 'Name of the named group'),
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: [
			{ name: 'Boolean', value: 'boolean', description: 'True, yes, on or 1, and their opposites' },
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
];
