/*
 * Rules on the screen. rules-description.ts shows the form (form-fields.ts) and the other sources; read-rules.ts reads them,
 * the form through form-rules.ts; form-words.ts names places of errors as the screen does. trigger-snippet.ts and
 * read-copied-node.ts go by the clipboard.
 */
import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { ruleFields } from './form-fields';
import { FORM_GROUPS } from './form-rules';
import type { FormVersion } from '../../core/rules/keys/rule-key';

export type RulesSource = 'visual' | 'json' | 'account' | 'node' | 'message';

/** What differs between the nodes that take rules. */
export interface RulesDescriptionOptions {
	/** The node has an account whose configuration may hold the rules. */
	readonly account: boolean;
	/** The node can tidy the mailbox afterwards. */
	readonly cleanUp: boolean;
	/** The rules can be those of another node. */
	readonly copiedNode?: boolean;
	/** The rules can be suggested from messages in the mailbox of the node. */
	readonly messages?: boolean;
	/** The node has version 2, whose form asks for conditions and captured fields. */
	readonly secondForm?: boolean;
	/** Of the parameter that says where the rules come from; `rulesSource` unless given. */
	readonly sourceName?: string;
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
const FIRST_RULES = {
	1: {
		rule: [
			{
				name: 'Every Message',
				fromCaptures: ['^(?<from>.+)$'],
				subjectCaptures: ['^(?<subject>.+)$'],
			},
		],
	},
	2: {
		row: [
			{
				name: 'Every Message',
				fields: {
					row: [
						{ name: 'from', field: 'from', how: 'wholeField' },
						{ name: 'subject', field: 'subject', how: 'wholeField' },
					],
				},
			},
		],
	},
};

/** What n8n leaves out of a node that it copies, since it is there by itself. */
export const RULES_DEFAULTS: Readonly<Record<string, unknown>> = {
	rulesSource: 'visual',
	// Those of version 2 say the same.
	rules: FIRST_RULES[1],
	rulesJson: EXAMPLE_JSON,
};

/**
 * The parameters `rulesSource`, `rules` and `rulesJson` of a node that takes rules, read back by readRules, and
 * `copiedNode`, read back by readCopiedNode.
 */
export function rulesProperties(options: RulesDescriptionOptions): INodeProperties[] {
	return [
		sourceProperty(options),
		...(options.secondForm === true
			? [
					visualProperty(options, 1, { '@version': [1] }),
					visualProperty(options, 2, { '@version': [{ _cnd: { gte: 2 } }] }),
				]
			: [visualProperty(options, 1)]),
		jsonProperty(options),
		destinationNotice(options),
		...(options.account ? [accountRulesProperty(options)] : []),
		...(options.messages === true ? [messagesProperty(options)] : []),
		...(options.copiedNode === true ? [copiedNodeProperty(options)] : []),
	];
}

const DESCRIPTIONS: Readonly<Record<FormVersion, string>> = {
	1: 'Tried in this order. Patterns are .NET regular expressions, case-sensitive unless they begin with (?i) or the rule ignores case.',
	2: 'Tried in this order: which messages count, what is taken from them, and what happens to them afterwards',
};

function sourceProperty({
	account,
	copiedNode = false,
	messages = false,
	sourceName = 'rulesSource',
	displayOptions,
}: RulesDescriptionOptions): INodeProperties {
	const sources: INodePropertyOptions[] = [
		{ name: 'Define Below', value: 'visual', description: 'Fill in each rule in a form' },
		{ name: 'JSON', value: 'json', description: 'Paste AlertMagic JSON or its Ingests list' },
	];
	const fromAccount: INodePropertyOptions = {
		name: 'AlertMagic Configuration',
		value: 'account',
		description: 'The rules in the AlertMagic Configuration of the account',
	};
	const fromNode: INodePropertyOptions = {
		name: 'Copied Node',
		value: 'node',
		description: 'Paste a trigger or Email Capture that you have copied on the canvas',
	};
	const fromMessage: INodePropertyOptions = {
		name: 'From a Message',
		value: 'message',
		description: 'Pick a message from the mailbox, and the rule is made of it',
	};
	return {
		displayName: 'Rules',
		name: sourceName,
		type: 'options',
		noDataExpression: true,
		options: [
			...(messages ? [fromMessage] : []),
			...sources,
			...(account ? [fromAccount] : []),
			...(copiedNode ? [fromNode] : []),
		],
		default: 'visual',
		description: 'Where the rules come from that say which messages count and what is captured',
		...(displayOptions !== undefined && { displayOptions }),
	};
}

function visualProperty(
	options: RulesDescriptionOptions,
	version: FormVersion,
	show: IDisplayOptions['show'] = {},
): INodeProperties {
	const forVersion = {
		...options.displayOptions,
		show: { ...options.displayOptions?.show, ...show },
	};
	return {
		displayName: 'Rule List',
		name: 'rules',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Rule', sortable: true },
		placeholder: 'Add Rule',
		default: { ...FIRST_RULES[version] },
		displayOptions: showFor('visual', { ...options, displayOptions: forVersion }),
		description: DESCRIPTIONS[version],
		options: [
			{
				name: FORM_GROUPS[version],
				displayName: 'Rule',
				values: ruleFields({ ...options, version }),
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
		displayOptions: showFor('json', options),
		description:
			'The whole AlertMagic configuration, its AlertMagic part, or only its Ingests list. Unknown keys are refused.',
		hint: 'In JSON a backslash of a pattern is written twice: \\\\d+',
	};
}

/** Warns before the workflow is saved: whoever sees it sees them. */
function destinationNotice(options: RulesDescriptionOptions): INodeProperties {
	// Not a pattern: n8n gives those 250 ms whenever it reads a parameter, also in a poll on a busy machine.
	const holdsDestination = ['Uri', 'uri', 'Username', 'username', 'Password', 'password'].map(
		(key) => ({ _cnd: { includes: `"${key}":` } }),
	);
	return {
		displayName:
			'Uri, Username and Password are ignored here, and everybody who sees the workflow can read them. Keep them in a credential.',
		name: 'destinationNotice',
		type: 'notice',
		default: '',
		displayOptions: showFor('json', options, { rulesJson: holdsDestination }),
	};
}

/** Shows what the Configuration of the account holds, which is a field of dots. */
function accountRulesProperty(options: RulesDescriptionOptions): INodeProperties {
	return {
		displayName: 'Rules of the Account',
		name: 'accountRules',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Look at them',
				typeOptions: { searchListMethod: 'listAccountRules' },
			},
		],
		displayOptions: showFor('account', options),
		description: 'Open the list to see them. All of them count, whichever is chosen.',
	};
}

/** Each row holds the rule itself, as JSON: what the message is afterwards makes no difference. */
function messagesProperty(options: RulesDescriptionOptions): INodeProperties {
	const message: INodeProperties = {
		displayName: 'Message',
		name: 'rule',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Pick a message...',
				typeOptions: { searchListMethod: 'listSuggestedRules', searchable: true },
			},
			{
				displayName: 'Rule (JSON)',
				name: 'json',
				type: 'string',
				placeholder: 'e.g. { "Name": "Backups", ... }',
			},
		],
		description:
			'The rule is for mail of this sender whose subject begins the same way. It captures the labels and the table found in the message. Choose Rule (JSON) to see and change it.',
	};
	return {
		displayName: 'Messages',
		name: 'messages',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Message', sortable: true },
		placeholder: 'Add Message',
		default: { row: [{ rule: { __rl: true, mode: 'list', value: '' } }] },
		displayOptions: showFor('message', options),
		description: 'Each message gives a rule, tried in this order',
		options: [{ name: 'row', displayName: 'Message', values: [message] }],
	};
}

function copiedNodeProperty(options: RulesDescriptionOptions): INodeProperties {
	return {
		displayName: 'Copied Node',
		name: 'copiedNode',
		type: 'json',
		typeOptions: { rows: 12 },
		required: true,
		default: '{}',
		displayOptions: showFor('node', options),
		description: 'What is in the clipboard after copying one node with rules on the canvas',
	};
}

function showFor(
	source: RulesSource,
	{ displayOptions = {}, sourceName = 'rulesSource' }: RulesDescriptionOptions,
	more: IDisplayOptions['show'] = {},
): IDisplayOptions {
	return { ...displayOptions, show: { ...displayOptions.show, [sourceName]: [source], ...more } };
}
