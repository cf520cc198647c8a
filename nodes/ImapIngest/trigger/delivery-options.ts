import type { INodeProperties } from 'n8n-workflow';

/** The options of both triggers about how messages are delivered, and what becomes of those that cannot be. */
export function deliveryOptions(): readonly INodeProperties[] {
	return [
		acknowledgeOption(),
		batchSizeOption(),
		executionLimitOption(),
		quarantineOption(),
		retriesOption(),
		waitingExecutionsOption(),
	];
}

function acknowledgeOption(): INodeProperties {
	return {
		displayName: 'Acknowledge',
		name: 'acknowledge',
		type: 'options',
		default: 'executionSucceeded',
		options: [
			{
				name: 'When the Execution Has Succeeded',
				value: 'executionSucceeded',
				description: 'A failed execution gets the message again; recommended',
			},
			{
				name: 'At Hand-Off',
				value: 'handOff',
				description: 'As soon as the execution has started, however it ends',
			},
			{
				name: 'By the IMAP Ingest Node',
				value: 'actionNode',
				description:
					'When its Acknowledge or Clean Up operation ran, within a day: for workflows that wait',
			},
		],
		description:
			'When a message counts as delivered: then its Clean Up is done, and it does not come again',
	};
}

function batchSizeOption(): INodeProperties {
	return {
		displayName: 'Messages per Execution',
		name: 'batchSize',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 500, numberPrecision: 0 },
		default: 0,
		description:
			'Most messages handed to one execution. 0 is automatic: 50, up to 200 while more wait, fewer where calls fail now and then. When one fails, its halves are tried at once.',
	};
}

function executionLimitOption(): INodeProperties {
	return {
		displayName: 'Execution Limit (Hours)',
		name: 'executionLimit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 720, numberPrecision: 0 },
		default: 24,
		description:
			'How long an execution may run before its messages are delivered again because n8n never told how it ended',
	};
}

function quarantineOption(): INodeProperties {
	return {
		displayName: 'Quarantine Mailbox',
		name: 'quarantine',
		type: 'string',
		default: 'Ingest Quarantine',
		description:
			'The folder for messages that could not be delivered; created when missing. Nothing in it is deleted.',
	};
}

function retriesOption(): INodeProperties {
	return {
		displayName: 'Retries',
		name: 'retries',
		type: 'fixedCollection',
		default: {},
		options: [
			{
				name: 'values',
				displayName: 'Retries',
				values: [
					retryNumber('Attempts', 'attempts', [1, 100, 5], ATTEMPTS_DESCRIPTION),
					retryNumber('First Pause (Seconds)', 'firstPause', [1, 3_600, 30], FIRST_DESCRIPTION),
					retryNumber(
						'Longest Pause (Minutes)',
						'longestPause',
						[1, 1_440, 60],
						LONGEST_DESCRIPTION,
					),
				],
			},
		],
		description:
			'When a message is tried again that fails alone while others succeed. A workflow that fails with every message costs none of these attempts.',
	};
}

const ATTEMPTS_DESCRIPTION =
	'How often a message may fail alone, while the workflow succeeds with others, before it goes to quarantine';
const FIRST_DESCRIPTION =
	'How long a message waits after its first failure; each pause is five times as long as the one before';
const LONGEST_DESCRIPTION = 'How long a message waits at most between two attempts';

function retryNumber(
	displayName: string,
	name: string,
	[minValue, maxValue, fallback]: readonly [number, number, number],
	description: string,
): INodeProperties {
	const typeOptions = { minValue, maxValue, numberPrecision: 0 };
	return { displayName, name, type: 'number', typeOptions, default: fallback, description };
}

function waitingExecutionsOption(): INodeProperties {
	return {
		displayName: 'Waiting Executions',
		name: 'waitingExecutions',
		type: 'options',
		default: 'delivered',
		options: [
			{
				name: 'As Delivered',
				value: 'delivered',
				description: 'Because n8n has stored the execution and resumes it',
			},
			{
				name: 'Deliver Again',
				value: 'again',
				description: 'Only an execution that ends without a long wait counts',
			},
		],
		description: 'What an execution counts as that goes to sleep in a Wait node',
	};
}
