import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** The name of a rule. */
export function nameField(): INodeProperties {
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

/** The filters that AlertMagic knows. */
export function filterFields(): INodeProperties[] {
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

/** The captures that AlertMagic knows. */
export function captureFields(): INodeProperties[] {
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

/** A list of patterns. */
export function patternList(
	field: Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'description'>,
): INodeProperties {
	return {
		...field,
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Pattern' },
		default: [],
	};
}

/** What becomes of a group that captured nothing. */
export function whenMissingField(): INodeProperties {
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
		description:
			'What becomes of a named group that captured nothing, or whose value does not have its type',
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

/** What happens to the message afterwards. */
export function cleanUpFields(): INodeProperties[] {
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
