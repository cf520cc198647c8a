import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { mailboxProperty } from '../../shell/mailbox-description';

/** Which message: by default the one that a trigger delivered. */
export function messageField(): INodeProperties {
	return {
		displayName: 'Message',
		name: 'message',
		type: 'json',
		required: true,
		default: '={{ $json.message }}',
		description:
			'Where the message lies, as items of the triggers and of Message > Search hold it: account, mailbox, uidValidity and uid',
	};
}

/** The options of an operation on a message: those of its own, and those that every one of them has. */
export function messageOptionsField(...own: INodeProperties[]): INodeProperties {
	const options = [allowedUsersOption(), ignoreMissingOption(), ...own];
	// The editor shows them by name.
	return optionsField(
		options.sort((left, right) => left.displayName.localeCompare(right.displayName)),
	);
}

/** Option: whose mailboxes an item may name. */
function allowedUsersOption(): INodeProperties {
	return {
		displayName: 'Allowed Users',
		name: 'allowedUsers',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add User' },
		default: [],
		placeholder: 'e.g. alerts@example.com',
		description:
			'Users besides that of the account whose messages an item may name, where the account has an OAuth2 application. Without this option: the Users of the triggers before this node. Never take them from the item itself.',
	};
}

/** The picker of a mailbox, by default `initial`. */
export function mailboxField(
	displayName: string,
	name: string,
	initial: string,
	description: string,
): INodeProperties {
	const value = initial === '' ? {} : { cachedResultName: initial };
	return {
		...mailboxProperty(),
		displayName,
		name,
		default: { mode: 'list', value: initial, ...value },
		description,
	};
}

/** The options of an operation; left out when it has none. */
export function optionsField(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options,
	};
}

/** Option: a message that is gone passes. */
function ignoreMissingOption(): INodeProperties {
	return {
		displayName: 'Ignore Missing Messages',
		name: 'ignoreMissing',
		type: 'boolean',
		default: false,
		description:
			'Whether an item passes when its message was moved or deleted meanwhile, instead of being an error',
	};
}

/** Option: the largest size that is read, in MiB. */
export function sizeLimitOption(defaultMib: number, description: string): INodeProperties {
	return {
		displayName: 'Size Limit (MiB)',
		name: 'sizeLimit',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: defaultMib,
		description,
	};
}

/** How many messages come out, at most. */
export function limitFields(): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			displayOptions: { show: { returnAll: [false] } },
			description: 'Max number of results to return',
		},
	];
}

/** The effects that a clean-up can have, as rules name them. */
export const CLEAN_UP_CHOICES: INodePropertyOptions[] = [
	{ name: 'Delete', value: 'delete', description: 'Delete the message for good' },
	{ name: 'Flag', value: 'flag', description: 'Flag the message and leave it where it is' },
	{ name: 'Mark as Read', value: 'markAsRead', description: 'Leave the message where it is' },
	{
		name: 'Move to Folder',
		value: 'moveToFolder',
		description: 'Move the message; the folder is created when missing',
	},
	{ name: 'None', value: 'none', description: 'Leave the message as it is' },
];
