import type { INodeProperties } from 'n8n-workflow';

import { TRIGGER_DEFAULTS } from './read-trigger-parameters';

/** The options of the triggers. */
export function triggerOptionsProperty(): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'First Activation',
				name: 'startAt',
				type: 'options',
				default: TRIGGER_DEFAULTS.startAt,
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
			},
			{
				displayName: 'Matching',
				name: 'which',
				type: 'options',
				default: TRIGGER_DEFAULTS.which,
				options: [
					{ name: 'First Matching Rule', value: 'first', description: 'One item for each message' },
					{
						name: 'All Matching Rules',
						value: 'all',
						description: 'One item for each rule that matches',
					},
				],
				description: 'Whether a message is done with the first rule it matches',
			},
			{
				displayName: 'Messages per Execution',
				name: 'batchSize',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 500, numberPrecision: 0 },
				default: TRIGGER_DEFAULTS.batchSize,
				description:
					'Most messages handed to one execution. When it fails, each of them is delivered again by itself.',
			},
			{
				displayName: 'Quarantine Mailbox',
				name: 'quarantine',
				type: 'string',
				default: TRIGGER_DEFAULTS.quarantine,
				description:
					'Where a message goes after its last failed attempt; created when missing. It is never deleted on that way.',
			},
		],
	};
}
