import type { INodeProperties } from 'n8n-workflow';
import { choiceOption, flagOption, toOptionProperties } from '../shell/node-options';
import { rulesProperties } from '../shell/rules/rules-description';

/** The options of the Email Capture node, under the names that workflows store. */
export const EMAIL_CAPTURE_OPTIONS = {
	explain: flagOption(
		'Explain',
		false,
		'Whether to add what each filter and capture of every rule found, and where: to work on patterns',
	),
	includeSourceItem: flagOption(
		'Include Source Item',
		false,
		'Whether a matched item carries the incoming item under the key "source", and its files',
	),
	which: choiceOption('Rules That Apply', [
		['first', 'First Match', 'At most one item an email'],
		['all', 'All Matches', 'One item for each rule that matches'],
	]),
};

export const EMAIL_CAPTURE_PROPERTIES: INodeProperties[] = [
	...rulesProperties({ account: false, cleanUp: false, secondForm: true }),
	emailFieldsProperty(),
	...chosenFields(),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: toOptionProperties(EMAIL_CAPTURE_OPTIONS),
	},
];

function emailFieldsProperty(): INodeProperties {
	return {
		displayName: 'Email Fields',
		name: 'emailFields',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Detect From the Item',
				value: 'detect',
				description:
					'For items of Gmail, Microsoft Outlook, Email Trigger (IMAP), or with from, subject, text and html',
			},
			{ name: 'Choose Each Field', value: 'choose', description: 'Say where each text is' },
		],
		default: 'detect',
		description: 'Where sender, subject and body are in the incoming item',
	};
}

function chosenFields(): INodeProperties[] {
	const field = (displayName: string, name: string, description: string): INodeProperties => ({
		displayName,
		name,
		type: 'string',
		default: `={{ $json.${name} }}`,
		displayOptions: { show: { emailFields: ['choose'] } },
		description,
	});
	return [
		field('From', 'from', 'The sender: an address, with or without a name, or a list of them'),
		field('Subject', 'subject', 'The subject, decoded'),
		field('Text', 'text', 'The plain text of the body'),
		field('To', 'to', 'The recipients, written like the sender; only for rules that ask for them'),
		field('Cc', 'cc', 'The recipients of copies; only for rules that ask for them'),
		field(
			'Headers',
			'headers',
			'The header fields: an object of values by name, a list of name and value, or the text of the header',
		),
		field('HTML', 'html', 'The HTML of the body; used where the text is empty'),
	];
}
