import type { INodeProperties } from 'n8n-workflow';

/** The options of the triggers; their defaults are those of TRIGGER_DEFAULTS, which a test holds together. */
export function triggerOptionsProperty(): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [startAtOption(), whichOption(), batchSizeOption(), quarantineOption()],
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
		displayName: 'Matching',
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
		description: 'Whether a message is done with the first rule it matches',
	};
}

function batchSizeOption(): INodeProperties {
	return {
		displayName: 'Messages per Execution',
		name: 'batchSize',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 500, numberPrecision: 0 },
		default: 50,
		description:
			'Most messages handed to one execution. When it fails, each of them is delivered again by itself.',
	};
}

function quarantineOption(): INodeProperties {
	return {
		displayName: 'Quarantine Mailbox',
		name: 'quarantine',
		type: 'string',
		default: 'Ingest Quarantine',
		description:
			'Where a message goes after its last failed attempt; created when missing. It is never deleted on that way.',
	};
}
