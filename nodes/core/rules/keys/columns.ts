import type { Operator } from '../plain/conditions';
import type { How } from '../plain/fields';
import type { MailField } from '../plain/fields-of-mail';
import type { RecordSource } from '../plain/records';
import { oneOf, TEXT, TEXT_LIST } from './kinds';
import type { Choice, Column } from './kinds';

const FIELD_CHOICES: ReadonlyArray<Choice<MailField>> = [
	{ json: 'Subject', value: 'subject', label: 'Subject' },
	{ json: 'From', value: 'from', label: 'From', description: 'The address of the sender' },
	{
		json: 'SenderDomain',
		value: 'senderDomain',
		label: "Sender's Domain",
		description: 'What stands behind the @ of the sender',
	},
	{ json: 'Body', value: 'body', label: 'Body', description: 'The text of the message' },
	{ json: 'To', value: 'to', label: 'To', description: 'The addresses of the recipients' },
	{ json: 'Cc', value: 'cc', label: 'Cc' },
	{ json: 'AttachmentName', value: 'attachmentName', label: 'Attachment Name' },
	{ json: 'Header', value: 'header', label: 'Header Field', description: 'Any other header field' },
];

const field = (first: MailField): Column => ({
	json: 'Field',
	form: 'field',
	label: 'Field',
	kind: oneOf([
		...FIELD_CHOICES.filter(({ value }) => value === first),
		...FIELD_CHOICES.filter(({ value }) => value !== first),
	]),
});

const HEADER: Column = {
	json: 'Header',
	form: 'header',
	label: 'Header Name',
	placeholder: 'e.g. X-Priority',
	onlyWhen: { form: 'field', is: ['header'] },
	kind: TEXT,
};

const OPERATORS: ReadonlyArray<Choice<Operator>> = [
	{ json: 'Contains', value: 'contains', label: 'Contains' },
	{ json: 'ContainsOneOf', value: 'containsOneOf', label: 'Contains One Of' },
	{ json: 'DoesNotContain', value: 'doesNotContain', label: 'Does Not Contain' },
	{ json: 'Equals', value: 'equals', label: 'Equals' },
	{ json: 'StartsWith', value: 'startsWith', label: 'Starts With' },
	{ json: 'EndsWith', value: 'endsWith', label: 'Ends With' },
	{ json: 'IsOneOf', value: 'isOneOf', label: 'Is One Of' },
	{
		json: 'Matches',
		value: 'matches',
		label: 'Matches Pattern',
		description: 'A .NET regular expression; upper and lower case differ',
	},
];

/** Those that take several texts. */
const LIST_OPERATORS: readonly Operator[] = ['isOneOf', 'containsOneOf'];

export const CONDITION_COLUMNS: readonly Column[] = [
	field('subject'),
	HEADER,
	{
		json: 'Operator',
		form: 'operator',
		label: 'Operator',
		description:
			'How the field is compared; upper and lower case are the same, except in a pattern',
		kind: oneOf(OPERATORS),
	},
	{
		json: 'Value',
		form: 'value',
		label: 'Value',
		placeholder: 'e.g. alert',
		onlyWhen: {
			form: 'operator',
			is: OPERATORS.map(({ value }) => value).filter(
				(operator) => !LIST_OPERATORS.includes(operator),
			),
		},
		kind: TEXT,
	},
	{
		json: 'Values',
		form: 'values',
		label: 'Values',
		placeholder: 'e.g. ups@example.com',
		onlyWhen: { form: 'operator', is: LIST_OPERATORS },
		kind: TEXT_LIST,
	},
];

const HOWS: ReadonlyArray<Choice<How>> = [
	{
		json: 'AfterLabel',
		value: 'afterLabel',
		label: 'Text After a Label',
		description: 'The rest of the line behind "Host:"',
	},
	{
		json: 'LineAfterLabel',
		value: 'lineAfterLabel',
		label: 'Line After a Label',
		description: 'The next line with text below a line that ends with the label',
	},
	{
		json: 'CellRightOfLabel',
		value: 'cellRightOfLabel',
		label: 'Cell Right of a Label',
		description: 'Of a table, or of text in columns',
	},
	{ json: 'Between', value: 'between', label: 'Between Two Texts' },
	{ json: 'WholeField', value: 'wholeField', label: 'Whole Field' },
	{ json: 'FirstNumber', value: 'firstNumber', label: 'First Number' },
	{ json: 'FirstIpAddress', value: 'firstIpAddress', label: 'First IP Address' },
	{ json: 'FirstHost', value: 'firstHost', label: 'First Host Name' },
	{ json: 'FirstUrl', value: 'firstUrl', label: 'First URL' },
	{ json: 'FirstDate', value: 'firstDate', label: 'First Date' },
	{
		json: 'Pattern',
		value: 'pattern',
		label: 'Pattern',
		description: 'A .NET regular expression, whose named groups are captured',
	},
];

export const FIELD_COLUMNS: readonly Column[] = [
	{
		json: 'Name',
		form: 'name',
		label: 'Name',
		description: 'Key in the payload',
		placeholder: 'e.g. host',
		onlyWhen: {
			form: 'how',
			is: HOWS.map(({ value }) => value).filter((how) => how !== 'pattern'),
		},
		kind: TEXT,
	},
	field('body'),
	HEADER,
	{
		json: 'How',
		form: 'how',
		label: 'How',
		description: 'How the value is found in the field',
		kind: oneOf(HOWS),
	},
	{
		json: 'Label',
		form: 'label',
		label: 'Label',
		description:
			'What stands before the value; a colon or an equals sign behind it may be left out',
		placeholder: 'e.g. Host:',
		onlyWhen: { form: 'how', is: ['afterLabel', 'lineAfterLabel', 'cellRightOfLabel'] },
		kind: TEXT,
	},
	{
		json: 'After',
		form: 'after',
		label: 'Text Before the Value',
		description: 'Leave empty to begin where the line does',
		placeholder: 'e.g. Interface',
		isOptional: true,
		onlyWhen: { form: 'how', is: ['between'] },
		kind: TEXT,
	},
	{
		json: 'Before',
		form: 'before',
		label: 'Text After the Value',
		description: 'Leave empty to end where the line does',
		placeholder: 'e.g. , changed',
		isOptional: true,
		onlyWhen: { form: 'how', is: ['between'] },
		kind: TEXT,
	},
	{
		json: 'Pattern',
		form: 'pattern',
		label: 'Pattern',
		placeholder: 'e.g. Host: (?<host>\\S+)',
		onlyWhen: { form: 'how', is: ['pattern'] },
		kind: TEXT,
	},
];

const RECORD_HOWS: ReadonlyArray<Choice<RecordSource['how']>> = [
	{
		json: 'Table',
		value: 'table',
		label: 'Table',
		description: 'Its rows, by the names in its first row; of HTML, or of text in columns',
	},
	{
		json: 'Blocks',
		value: 'blocks',
		label: 'Repeated Blocks',
		description: 'Blocks of "Label: value" lines',
	},
	{
		json: 'Pattern',
		value: 'pattern',
		label: 'Repeated Pattern',
		description: 'Each match gives the values of its named groups',
	},
];

export const RECORD_COLUMNS: readonly Column[] = [
	{
		json: 'Name',
		form: 'name',
		label: 'Name',
		description: 'Key of the list in the payload',
		placeholder: 'e.g. disks',
		kind: TEXT,
	},
	{ json: 'How', form: 'how', label: 'Made Of', kind: oneOf(RECORD_HOWS) },
	{
		json: 'Column',
		form: 'column',
		label: 'With the Column',
		description: 'A column that the table has. Leave empty for the first table.',
		placeholder: 'e.g. Free space',
		isOptional: true,
		onlyWhen: { form: 'how', is: ['table'] },
		kind: TEXT,
	},
	{
		json: 'Pattern',
		form: 'pattern',
		label: 'Pattern',
		placeholder: 'e.g. (?<host>\\S+) is (?<state>\\w+)',
		onlyWhen: { form: 'how', is: ['pattern'] },
		kind: TEXT,
	},
];

export const MAP_COLUMNS: readonly Column[] = [
	{
		json: 'Name',
		form: 'name',
		label: 'Name',
		description: 'Name of the captured value',
		placeholder: 'e.g. severity',
		kind: TEXT,
	},
	{
		json: 'From',
		form: 'from',
		label: 'In the Mail',
		description: 'The captured text, in any case. Leave empty for any other.',
		placeholder: 'e.g. 2',
		isOptional: true,
		kind: TEXT,
	},
	{ json: 'To', form: 'to', label: 'In the Payload', placeholder: 'e.g. critical', kind: TEXT },
];
