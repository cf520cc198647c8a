import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** Where a node takes its rules from. */
export type RulesSource = 'visual' | 'json' | 'account';

/**
 * One rule as the form saves it under `rules.rule[]`: part of saved workflows, so a change needs a new typeVersion.
 * Fields that are hidden for the chosen action are absent; clean-up fields are absent on nodes without a mailbox.
 */
export interface VisualRule {
	name?: string;
	fromFilter?: string;
	subjectFilter?: string;
	bodyFilter?: string;
	fromCaptures?: string[];
	subjectCaptures?: string[];
	bodyCaptures?: string[];
	whenMissing?: 'leaveOut' | 'emptyString' | 'refuse';
	cleanUpAction?: 'none' | 'markAsRead' | 'flag' | 'moveToFolder' | 'delete';
	cleanUpFolder?: string;
	/** 0 keeps the messages for good. */
	deleteAfterDays?: number;
}

/** What differs between the nodes that take rules. */
export interface RulesDescriptionOptions {
	/** The node has an account whose configuration may hold the rules. */
	readonly account: boolean;
	/** The node can tidy the mailbox afterwards. */
	readonly cleanUp: boolean;
	readonly displayOptions?: IDisplayOptions;
}

const EXAMPLE_JSON = JSON.stringify(
	[
		{
			Name: 'Knock Knock',
			Filter: { From: '^tri.+@zion.com$', Subject: '^alert', Body: 'white.+rabbit' },
			Payload: {
				FromCaptures: ['^(?<from>.+)$'],
				SubjectCaptures: ['^alert - (?<subject>.+)$'],
				BodyCaptures: ['Spoon: (?<spoon>[^\n]+)', 'Skills: (?<skills>[^\n]+)'],
			},
		},
	],
	null,
	2,
);

/** A new node works at once: each message matches and gives its sender and subject. */
const FIRST_RULE = {
	name: 'Every Message',
	fromCaptures: ['^(?<from>.+)$'],
	subjectCaptures: ['^(?<subject>.+)$'],
} satisfies VisualRule;

/** The parameters `rulesSource`, `rules` and `rulesJson` of a node that takes rules; read back by readRules. */
export function rulesProperties(options: RulesDescriptionOptions): INodeProperties[] {
	return [sourceProperty(options), visualProperty(options), jsonProperty(options)];
}

function sourceProperty({ account, displayOptions }: RulesDescriptionOptions): INodeProperties {
	const sources: INodePropertyOptions[] = [
		{ name: 'Define Below', value: 'visual', description: 'Fill in each rule in a form' },
		{ name: 'JSON', value: 'json', description: 'Paste AlertMagic JSON or its Ingests list' },
	];
	const fromAccount: INodePropertyOptions = {
		name: 'Account Configuration',
		value: 'account',
		description: 'Use the AlertMagic Ingests in the Configuration field of the account',
	};
	return {
		displayName: 'Rules',
		name: 'rulesSource',
		type: 'options',
		noDataExpression: true,
		options: account ? [...sources, fromAccount] : sources,
		default: 'visual',
		description: 'Where the rules come from that say which messages count and what is captured',
		...(displayOptions !== undefined && { displayOptions }),
	};
}

function visualProperty(options: RulesDescriptionOptions): INodeProperties {
	return {
		displayName: 'Rule List',
		name: 'rules',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Rule', sortable: true },
		placeholder: 'Add Rule',
		default: { rule: [FIRST_RULE] },
		displayOptions: showFor('visual', options.displayOptions),
		description:
			'Tried in this order. Patterns are .NET regular expressions, case-sensitive unless they begin with (?i).',
		options: [
			{
				name: 'rule',
				displayName: 'Rule',
				values: [
					nameField(),
					...filterFields(),
					...captureFields(),
					whenMissingField(),
					...(options.cleanUp ? cleanUpFields() : []),
				],
			},
		],
	};
}

function jsonProperty(options: RulesDescriptionOptions): INodeProperties {
	return {
		displayName: 'Rules (JSON)',
		name: 'rulesJson',
		type: 'json',
		typeOptions: { rows: 12 },
		default: EXAMPLE_JSON,
		displayOptions: showFor('json', options.displayOptions),
		description:
			'The whole AlertMagic configuration, its AlertMagic part, or only its Ingests list. Unknown keys are refused.',
		hint: 'In JSON a backslash of a pattern is written twice: \\\\d+',
	};
}

function showFor(source: RulesSource, displayOptions: IDisplayOptions = {}): IDisplayOptions {
	return { ...displayOptions, show: { ...displayOptions.show, rulesSource: [source] } };
}

function nameField(): INodeProperties {
	return {
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Knock Knock',
		description: 'Names the rule in items and errors; each rule needs a name of its own',
	};
}

function filterFields(): INodeProperties[] {
	return [
		{
			displayName: 'From Filter',
			name: 'fromFilter',
			type: 'string',
			default: '',
			placeholder: 'e.g. ^tri.+@zion.com$',
			description:
				'Pattern the bare address of a sender has to match. Leave empty to take any sender.',
		},
		{
			displayName: 'Subject Filter',
			name: 'subjectFilter',
			type: 'string',
			default: '',
			placeholder: 'e.g. ^alert',
			description: 'Pattern the subject has to match. Leave empty to take any subject.',
		},
		{
			displayName: 'Body Filter',
			name: 'bodyFilter',
			type: 'string',
			default: '',
			placeholder: 'e.g. white.+rabbit',
			description:
				'Pattern the plain text has to match. An HTML-only message is turned into text first.',
		},
	];
}

function captureFields(): INodeProperties[] {
	return [
		patternList({
			displayName: 'From Captures',
			name: 'fromCaptures',
			placeholder: 'e.g. ^(?<from>.+)$',
			description: 'Patterns whose named groups are taken from the address of the sender',
		}),
		patternList({
			displayName: 'Subject Captures',
			name: 'subjectCaptures',
			placeholder: 'e.g. ^alert - (?<subject>.+)$',
			description: 'Patterns whose named groups are taken from the subject',
		}),
		patternList({
			displayName: 'Body Captures',
			name: 'bodyCaptures',
			placeholder: 'e.g. Spoon: (?<spoon>[^\\n]+)',
			description: 'Patterns whose named groups are taken from the body text',
		}),
	];
}

function patternList(
	field: Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'description'>,
): INodeProperties {
	return {
		...field,
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Pattern' },
		default: [],
	};
}

function whenMissingField(): INodeProperties {
	return {
		displayName: 'When a Group Is Missing',
		name: 'whenMissing',
		type: 'options',
		options: [
			{ name: 'Leave It Out', value: 'leaveOut', description: 'The payload has no such key' },
			{ name: 'Empty String', value: 'emptyString', description: 'The payload has the key, empty' },
			{ name: 'Refuse the Message', value: 'refuse', description: 'The rule does not match' },
		],
		default: 'leaveOut',
		description: 'What becomes of a named group that captured nothing',
	};
}

/** In the order of what they do to the message, the harmless ones first. */
const CLEAN_UP_ACTIONS: readonly INodePropertyOptions[] = [
	{ name: 'Nothing', value: 'none' },
	{ name: 'Mark as Read', value: 'markAsRead' },
	{ name: 'Flag', value: 'flag' },
	{ name: 'Move to Folder', value: 'moveToFolder' },
	{ name: 'Delete', value: 'delete' },
];

function cleanUpFields(): INodeProperties[] {
	const whenMoved: IDisplayOptions = { show: { cleanUpAction: ['moveToFolder'] } };
	return [
		{
			displayName: 'Clean Up',
			name: 'cleanUpAction',
			type: 'options',
			options: CLEAN_UP_ACTIONS.map((action) => ({ ...action })),
			default: 'none',
			description: 'What happens to the message once the workflow has ended in success',
		},
		{
			displayName: 'Folder',
			name: 'cleanUpFolder',
			type: 'string',
			default: '',
			placeholder: 'e.g. AlertMagic Processed',
			displayOptions: whenMoved,
			description: 'Where the message is moved to. Created when it does not exist.',
		},
		{
			displayName: 'Delete After Days',
			name: 'deleteAfterDays',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 0,
			displayOptions: whenMoved,
			description: 'Days a message stays in that folder before it is deleted; 0 keeps it for good',
		},
	];
}
