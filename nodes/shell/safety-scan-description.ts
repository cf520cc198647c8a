import type { INodeProperties } from 'n8n-workflow';

/** The option of the instant trigger that the polling one does not need; limits and default are those of SAFETY_SCAN, which a test holds together. */
export function safetyScanOption(): INodeProperties {
	return {
		displayName: 'Safety Scan (Minutes)',
		name: 'safetyScan',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 60, numberPrecision: 0 },
		default: 5,
		description:
			'How long to wait at most before the mailbox is looked at even though the server told of nothing',
	};
}
