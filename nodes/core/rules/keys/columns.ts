import type { Operator } from '../plain/conditions';
import type { How } from '../plain/fields';
import type { MailField } from '../plain/fields-of-mail';
import type { RecordSource } from '../plain/records';
import { choice, column, oneOf, TEXT, TEXT_LIST } from './kinds';
import type { Choice, Column } from './kinds';

const FIELD_CHOICES: ReadonlyArray<Choice<MailField>> = [
	choice('Subject', 'Subject'),
	choice('From', 'From', 'The address of the sender'),
	choice('SenderDomain', "Sender's Domain", 'What stands behind the @ of the sender'),
	choice('Body', 'Body', 'The text of the message'),
	choice('To', 'To', 'The addresses of the recipients'),
	choice('Cc', 'Cc'),
	choice('AttachmentName', 'Attachment Name'),
	choice('Header', 'Header Field', 'Any other header field'),
];

const field = (first: MailField): Column =>
	column(
		'Field',
		oneOf([
			...FIELD_CHOICES.filter(({ value }) => value === first),
			...FIELD_CHOICES.filter(({ value }) => value !== first),
		]),
	);

const HEADER = column('Header', TEXT, {
	label: 'Header Name',
	placeholder: 'e.g. X-Priority',
	onlyWhen: { form: 'field', is: ['header'] },
});

const OPERATORS: ReadonlyArray<Choice<Operator>> = [
	choice('Contains', 'Contains'),
	choice('ContainsOneOf', 'Contains One Of'),
	choice('DoesNotContain', 'Does Not Contain'),
	choice('Equals', 'Equals'),
	choice('StartsWith', 'Starts With'),
	choice('EndsWith', 'Ends With'),
	choice('IsOneOf', 'Is One Of'),
	choice('Matches', 'Matches Pattern', 'A .NET regular expression; upper and lower case differ'),
];

/** Those that take several texts. */
const LIST_OPERATORS: readonly Operator[] = ['isOneOf', 'containsOneOf'];

export const CONDITION_COLUMNS: readonly Column[] = [
	field('subject'),
	HEADER,
	column('Operator', oneOf(OPERATORS), {
		description:
			'How the field is compared; upper and lower case are the same, except in a pattern',
	}),
	column('Value', TEXT, {
		placeholder: 'e.g. alert',
		onlyWhen: {
			form: 'operator',
			is: OPERATORS.map(({ value }) => value).filter(
				(operator) => !LIST_OPERATORS.includes(operator),
			),
		},
	}),
	column('Values', TEXT_LIST, {
		placeholder: 'e.g. ups@example.com',
		onlyWhen: { form: 'operator', is: LIST_OPERATORS },
	}),
];

const HOWS: ReadonlyArray<Choice<How>> = [
	choice('AfterLabel', 'Text After a Label', 'The rest of the line behind "Host:"'),
	choice(
		'LineAfterLabel',
		'Line After a Label',
		'The next line with text below a line that ends with the label',
	),
	choice('CellRightOfLabel', 'Cell Right of a Label', 'Of a table, or of text in columns'),
	choice('Between', 'Between Two Texts'),
	choice('WholeField', 'Whole Field'),
	choice('FirstNumber', 'First Number'),
	choice('FirstIpAddress', 'First IP Address'),
	choice('FirstHost', 'First Host Name'),
	choice('FirstUrl', 'First URL'),
	choice('FirstDate', 'First Date'),
	choice('Pattern', 'Pattern', 'A .NET regular expression, whose named groups are captured'),
];

export const FIELD_COLUMNS: readonly Column[] = [
	column('Name', TEXT, {
		description: 'Key in the payload',
		placeholder: 'e.g. host',
		onlyWhen: {
			form: 'how',
			is: HOWS.map(({ value }) => value).filter((how) => how !== 'pattern'),
		},
	}),
	field('body'),
	HEADER,
	column('How', oneOf(HOWS), { description: 'How the value is found in the field' }),
	column('Label', TEXT, {
		description:
			'What stands before the value; a colon or an equals sign behind it may be left out',
		placeholder: 'e.g. Host:',
		onlyWhen: { form: 'how', is: ['afterLabel', 'lineAfterLabel', 'cellRightOfLabel'] },
	}),
	column('After', TEXT, {
		label: 'Text Before the Value',
		description: 'Leave empty to begin where the line does',
		placeholder: 'e.g. Interface',
		isOptional: true,
		onlyWhen: { form: 'how', is: ['between'] },
	}),
	column('Before', TEXT, {
		label: 'Text After the Value',
		description: 'Leave empty to end where the line does',
		placeholder: 'e.g. , changed',
		isOptional: true,
		onlyWhen: { form: 'how', is: ['between'] },
	}),
	column('Pattern', TEXT, {
		placeholder: 'e.g. Host: (?<host>\\S+)',
		onlyWhen: { form: 'how', is: ['pattern'] },
	}),
];

const RECORD_HOWS: ReadonlyArray<Choice<RecordSource['how']>> = [
	choice(
		'Table',
		'Table',
		'Its rows, by the names in its first row; of HTML, or of text in columns',
	),
	choice('Blocks', 'Repeated Blocks', 'Blocks of "Label: value" lines'),
	choice('Pattern', 'Repeated Pattern', 'Each match gives the values of its named groups'),
];

export const RECORD_COLUMNS: readonly Column[] = [
	column('Name', TEXT, {
		description: 'Key of the list in the payload',
		placeholder: 'e.g. disks',
	}),
	column('How', oneOf(RECORD_HOWS), { label: 'Made Of' }),
	column('Column', TEXT, {
		label: 'With the Column',
		description: 'A column that the table has. Leave empty for the first table.',
		placeholder: 'e.g. Free space',
		isOptional: true,
		onlyWhen: { form: 'how', is: ['table'] },
	}),
	column('Pattern', TEXT, {
		placeholder: 'e.g. (?<host>\\S+) is (?<state>\\w+)',
		onlyWhen: { form: 'how', is: ['pattern'] },
	}),
];

export const MAP_COLUMNS: readonly Column[] = [
	column('Name', TEXT, {
		description: 'Name of the captured value',
		placeholder: 'e.g. severity',
	}),
	column('From', TEXT, {
		label: 'In the Mail',
		description: 'The captured text, in any case. Leave empty for any other.',
		placeholder: 'e.g. 2',
		isOptional: true,
	}),
	column('To', TEXT, {
		label: 'In the Payload',
		placeholder: 'e.g. critical',
	}),
];
