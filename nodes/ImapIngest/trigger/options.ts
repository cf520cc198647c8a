import type { INodeProperties } from 'n8n-workflow';

import { parseUsers } from '../../core/account/users';
import { AUTOMATIC } from '../../core/delivery/flow';
import { DELIVERY_RETRY } from '../../core/delivery/retry';
import type { RetryPolicy } from '../../core/delivery/retry';
import { isRecord } from '../../core/is-record';
import { readMailboxName } from '../../core/message/mailbox-name';
import {
	choiceOption,
	flagOption,
	readOptions,
	toOptionProperties,
	wholeNumberOption,
} from '../../shell/node-options';
import type { NodeOption } from '../../shell/node-options';

const RETRIES = {
	attempts: wholeNumberOption(
		'Attempts',
		{ fallback: DELIVERY_RETRY.maxAttempts, min: 1, max: 100 },
		'How often a message may fail alone, while the workflow succeeds with others, before it goes to quarantine',
	),
	firstPause: wholeNumberOption(
		'First Pause',
		{ fallback: DELIVERY_RETRY.firstDelayMs / 1_000, min: 1, max: 3_600, unit: 'seconds' },
		'How long a message waits after its first failure; each pause is five times as long as the one before',
	),
	longestPause: wholeNumberOption(
		'Longest Pause',
		{ fallback: DELIVERY_RETRY.maxDelayMs / 60_000, min: 1, max: 1_440, unit: 'minutes' },
		'How long a message waits at most between two attempts',
	),
};

const RETRIES_OPTION: NodeOption<RetryPolicy> = {
	property: {
		displayName: 'Retries',
		type: 'fixedCollection',
		default: {},
		options: [{ name: 'values', displayName: 'Retries', values: toOptionProperties(RETRIES) }],
		description:
			'When a message is tried again that fails alone while others succeed. A workflow that fails with every message costs none of these attempts.',
	},
	read: (value) => {
		const values = readOptions(RETRIES, isRecord(value) ? value['values'] : undefined);
		return {
			...DELIVERY_RETRY,
			maxAttempts: values.attempts,
			firstDelayMs: values.firstPause * 1_000,
			maxDelayMs: values.longestPause * 60_000,
		};
	},
};

/** The name of the quarantine mailbox, unless it is given. */
export const QUARANTINE = 'Ingest Quarantine';
const QUARANTINE_OPTION: NodeOption<string> = {
	property: {
		displayName: 'Quarantine Mailbox',
		type: 'string',
		default: QUARANTINE,
		description:
			'The folder for messages that could not be delivered; created when missing. Nothing in it is deleted.',
	},
	read: (value) => {
		const isBlank = typeof value === 'string' && value.trim() === '';
		return readMailboxName(isBlank ? QUARANTINE : (value ?? QUARANTINE), 'Quarantine Mailbox');
	},
};

const USERS_OPTION: NodeOption<readonly string[]> = {
	property: {
		displayName: 'Users',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add User' },
		default: [],
		placeholder: 'e.g. alerts@example.com',
		description:
			'Addresses of users of the same mail server whose mailboxes of this name are watched instead of the one of the account. Needs an account with an OAuth2 application.',
	},
	read: (value) => parseUsers(value),
};

const HEARTBEAT = choiceOption(
	'Heartbeat',
	[
		['never', 'Never', 'Only what happens is told'],
		['hourly', 'Hourly', 'One item an hour'],
		['daily', 'Daily', 'One item a day'],
	],
	'How often the Health output shows that the trigger is alive',
);

/** The options of both triggers, under the names that workflows store. */
export const TRIGGER_OPTIONS = {
	acknowledge: choiceOption(
		'Acknowledge',
		[
			[
				'executionSucceeded',
				'When the Execution Has Succeeded',
				'A failed execution gets the message again; recommended',
			],
			['handOff', 'At Hand-Off', 'As soon as the execution has started, however it ends'],
			[
				'actionNode',
				'By the IMAP Ingest Node',
				'When its Acknowledge or Clean Up operation ran, within a day: for workflows that wait',
			],
		],
		'When a message counts as delivered: then its Clean Up is done, and it does not come again',
	),
	batchSize: wholeNumberOption(
		'Messages per Execution',
		{ fallback: AUTOMATIC, min: AUTOMATIC, max: 500 },
		'Most messages handed to one execution. 0 is automatic: 50, up to 200 while more wait, fewer where calls fail now and then. When one fails, its halves are tried at once.',
	),
	cannotMove: choiceOption(
		'When the Server Cannot Move',
		[
			[
				'leave',
				'Leave the Message',
				'After its last failed attempt it is marked as delivered and stays',
			],
			['copy', 'Copy It and Leave It', 'A copy goes where it was to be moved'],
			[
				'expunge',
				'Copy It and Remove It',
				'With EXPUNGE, only while no other message in the mailbox is marked as deleted',
			],
		],
		'What to do on servers without MOVE and UIDPLUS, such as hMailServer, for quarantine and for the clean-ups Move to Folder and Delete',
	),
	executionLimit: wholeNumberOption(
		'Execution Limit',
		{ fallback: 24, min: 1, max: 720, unit: 'hours' },
		'How long an execution may run before its messages are delivered again because n8n never told how it ended',
	),
	explain: flagOption(
		'Explain Test Runs',
		true,
		'Whether the items of a test run also tell what each filter and capture found, and where: to work on patterns',
	),
	health: flagOption(
		'Health Output',
		false,
		'Whether to add an output that tells when the mailbox cannot be reached, a message could not be delivered (quarantine), expected mail did not come, old messages were deleted (retention), or a client secret is about to expire',
	),
	heartbeat: {
		...HEARTBEAT,
		property: { ...HEARTBEAT.property, displayOptions: { show: { health: [true] } } },
	},
	messageText: flagOption(
		'Message Text',
		false,
		'Whether items also have the text of their message, as Body patterns see it (test runs always show its beginning)',
	),
	outputs: choiceOption(
		'Outputs',
		[
			['single', 'Single', 'All messages leave by one output'],
			[
				'onePerRule',
				'One per Rule',
				'Each rule has an output of its name, in the order of the rules',
			],
		],
		'Which outputs messages leave by. Not one per rule for rules of the account.',
	),
	oversized: choiceOption(
		'Oversized Messages',
		[
			['match', 'Match on What Was Read', 'Patterns see the beginning of the text'],
			[
				'quarantine',
				'Move to Quarantine',
				'Somebody looks at it: what was not read might have decided otherwise',
			],
		],
		'What happens to a message when a rule needs its text and only a part of that was read: beyond 256 KiB, 100,000 characters or 10,000 tags of HTML, or 1,000 parts',
	),
	quarantine: QUARANTINE_OPTION,
	replayUnread: flagOption(
		'Replay When Marked Unread',
		false,
		'Whether to deliver a message again that was marked as read after its delivery and that somebody marks unread. Needs a server that keeps keywords (not Exchange).',
	),
	retries: RETRIES_OPTION,
	startAt: choiceOption(
		'First Activation',
		[
			['newMail', 'Only New Mail', 'Leave alone what is there already'],
			['everything', 'Everything There', 'Begin with the oldest message'],
		],
		'Which messages count when the workflow is published for the first time. Later it goes on where it stopped.',
	),
	unauthenticated: choiceOption(
		'Unauthenticated Senders',
		[
			['unmatched', 'Treat as Unmatched', 'Like any message that no rule matches'],
			['quarantine', 'Move to Quarantine', 'Somebody looks at it: it may be forged'],
		],
		'What happens to a message that a rule would take if it passed the Sender Authentication of that rule, and no other rule takes',
	),
	unmatched: flagOption(
		'Unmatched Output',
		false,
		'Whether to add an output for messages that no rule matches. They are delivered as surely as the others, and stay in the mailbox.',
	),
	users: USERS_OPTION,
	waitingExecutions: choiceOption(
		'Waiting Executions',
		[
			['delivered', 'As Delivered', 'Because n8n has stored the execution and resumes it'],
			['again', 'Deliver Again', 'Only an execution that ends without a long wait counts'],
		],
		'What an execution counts as that goes to sleep in a Wait node',
	),
	whenRulesChange: choiceOption(
		'When Rules Change',
		[
			['newMail', 'Only New Mail', 'Changed rules count from now on'],
			[
				'everything',
				'Everything There',
				'Look again at what is still in the mailbox and was not delivered',
			],
		],
		'Which messages changed rules are applied to',
	),
	which: choiceOption(
		'Rules That Apply',
		[
			['first', 'First Matching Rule', 'One item for each message'],
			['all', 'All Matching Rules', 'One item for each rule that matches'],
		],
		'Whether a message that matches several rules gives one item or several; a rule may decide for itself by Continue With Next Rules',
	),
};

export const INSTANT_OPTIONS = {
	safetyScan: wholeNumberOption(
		'Safety Scan',
		{ fallback: 5, min: 1, max: 60, unit: 'minutes' },
		'How often the mailbox is looked at although the server told of no new mail, because some forget to',
	),
};

/** The options of a trigger on the screen. */
export function triggerOptionsProperty(
	options: Parameters<typeof toOptionProperties>[0],
): INodeProperties {
	return {
		displayName: 'Trigger Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Trigger Option',
		default: {},
		options: toOptionProperties(options),
	};
}
