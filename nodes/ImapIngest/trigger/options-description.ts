import type { INodeProperties } from 'n8n-workflow';
import { cannotMoveOption } from './cannot-move-option';

import { deliveryOptions } from './delivery-options';

/** The options of the triggers, and those that one of them has besides; their defaults are those of TRIGGER_DEFAULTS, which a test holds together. */
export function triggerOptionsProperty(...more: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Trigger Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Trigger Option',
		default: {},
		// The editor shows them by name.
		options: [
			...deliveryOptions(),
			explainOption(),
			startAtOption(),
			healthOption(),
			heartbeatOption(),
			whichOption(),
			messageTextOption(),
			outputsOption(),
			oversizedOption(),
			replayUnreadOption(),
			unauthenticatedOption(),
			unmatchedOption(),
			usersOption(),
			whenRulesChangeOption(),
			cannotMoveOption(),
			...more,
		].sort((left, right) => left.displayName.localeCompare(right.displayName)),
	};
}

function startAtOption(): INodeProperties {
	return {
		displayName: 'First Activation',
		name: 'startAt',
		type: 'options',
		default: 'newMail',
		options: [
			{
				name: 'Only New Mail',
				value: 'newMail',
				description: 'Leave alone what is there already',
			},
			{
				name: 'Everything There',
				value: 'everything',
				description: 'Begin with the oldest message',
			},
		],
		description:
			'Which messages count when the workflow is published for the first time. Later it goes on where it stopped.',
	};
}

function whichOption(): INodeProperties {
	return {
		displayName: 'Rules That Apply',
		name: 'which',
		type: 'options',
		default: 'first',
		options: [
			{
				name: 'First Matching Rule',
				value: 'first',
				description: 'One item for each message',
			},
			{
				name: 'All Matching Rules',
				value: 'all',
				description: 'One item for each rule that matches',
			},
		],
		description:
			'Whether a message that matches several rules gives one item or several; a rule may decide for itself by Continue With Next Rules',
	};
}

function oversizedOption(): INodeProperties {
	return {
		displayName: 'Oversized Messages',
		name: 'oversized',
		type: 'options',
		default: 'match',
		options: [
			{
				name: 'Match on What Was Read',
				value: 'match',
				description: 'Patterns see the beginning of the text',
			},
			{
				name: 'Move to Quarantine',
				value: 'quarantine',
				description: 'Somebody looks at it: what was not read might have decided otherwise',
			},
		],
		description:
			'What happens to a message when a rule needs its text and only a part of that was read: beyond 256 KiB, 100,000 characters or 10,000 tags of HTML, or 1,000 parts',
	};
}

function healthOption(): INodeProperties {
	return {
		displayName: 'Health Output',
		name: 'health',
		type: 'boolean',
		default: false,
		description:
			'Whether to add an output that tells when the mailbox cannot be reached, a message could not be delivered (quarantine), expected mail did not come, old messages were deleted (retention), or a client secret is about to expire',
	};
}

function heartbeatOption(): INodeProperties {
	return {
		displayName: 'Heartbeat',
		name: 'heartbeat',
		type: 'options',
		default: 'never',
		displayOptions: { show: { health: [true] } },
		options: [
			{ name: 'Never', value: 'never', description: 'Only what happens is told' },
			{ name: 'Hourly', value: 'hourly', description: 'One item an hour' },
			{ name: 'Daily', value: 'daily', description: 'One item a day' },
		],
		description: 'How often the Health output shows that the trigger is alive',
	};
}

function replayUnreadOption(): INodeProperties {
	return {
		displayName: 'Replay When Marked Unread',
		name: 'replayUnread',
		type: 'boolean',
		default: false,
		description:
			'Whether to deliver a message again that was marked as read after its delivery and that somebody marks unread. Needs a server that keeps keywords (not Exchange).',
	};
}

function whenRulesChangeOption(): INodeProperties {
	return {
		displayName: 'When Rules Change',
		name: 'whenRulesChange',
		type: 'options',
		default: 'newMail',
		options: [
			{ name: 'Only New Mail', value: 'newMail', description: 'Changed rules count from now on' },
			{
				name: 'Everything There',
				value: 'everything',
				description: 'Look again at what is still in the mailbox and was not delivered',
			},
		],
		description: 'Which messages changed rules are applied to',
	};
}

function explainOption(): INodeProperties {
	return {
		displayName: 'Explain Test Runs',
		name: 'explain',
		type: 'boolean',
		default: true,
		description:
			'Whether the items of a test run also tell what each filter and capture found, and where: to work on patterns',
	};
}

function messageTextOption(): INodeProperties {
	return {
		displayName: 'Message Text',
		name: 'messageText',
		type: 'boolean',
		default: false,
		description:
			'Whether items also have the text of their message, as Body patterns see it (test runs always show its beginning)',
	};
}

function outputsOption(): INodeProperties {
	return {
		displayName: 'Outputs',
		name: 'outputs',
		type: 'options',
		default: 'single',
		options: [
			{ name: 'Single', value: 'single', description: 'All messages leave by one output' },
			{
				name: 'One per Rule',
				value: 'onePerRule',
				description: 'Each rule has an output of its name, in the order of the rules',
			},
		],
		description: 'Which outputs messages leave by. Not one per rule for rules of the account.',
	};
}

function unauthenticatedOption(): INodeProperties {
	return {
		displayName: 'Unauthenticated Senders',
		name: 'unauthenticated',
		type: 'options',
		default: 'unmatched',
		options: [
			{
				name: 'Treat as Unmatched',
				value: 'unmatched',
				description: 'Like any message that no rule matches',
			},
			{
				name: 'Move to Quarantine',
				value: 'quarantine',
				description: 'Somebody looks at it: it may be forged',
			},
		],
		description:
			'What happens to a message that a rule would take if it passed the Sender Authentication of that rule, and no other rule takes',
	};
}

function unmatchedOption(): INodeProperties {
	return {
		displayName: 'Unmatched Output',
		name: 'unmatched',
		type: 'boolean',
		default: false,
		description:
			'Whether to add an output for messages that no rule matches. They are delivered as surely as the others, and stay in the mailbox.',
	};
}

function usersOption(): INodeProperties {
	return {
		displayName: 'Users',
		name: 'users',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add User' },
		default: [],
		placeholder: 'e.g. alerts@example.com',
		description:
			'Addresses of users of the same mail server whose mailboxes of this name are watched instead of the one of the account. Needs an account with an OAuth2 application.',
	};
}

/** The option of the instant trigger that the polling one does not need; limits and default are those of SAFETY_SCAN, which a test holds together. */
export function safetyScanOption(): INodeProperties {
	return {
		displayName: 'Safety Scan (Minutes)',
		name: 'safetyScan',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 60, numberPrecision: 0 },
		default: 5,
		description:
			'How often the mailbox is looked at although the server told of no new mail, because some forget to',
	};
}
