import type { INodeProperties } from 'n8n-workflow';

import { textOption, toOptionProperties, wholeNumberOption } from '../shell/node-options';

/** The options of the AlertMagic node, under the names that workflows store. */
export const ALERT_MAGIC_OPTIONS = {
	attempts: wholeNumberOption(
		'Attempts',
		{ fallback: 4, min: 1, max: 10 },
		'How often an alert is tried when the receiver is overloaded (429), has a problem (5xx) or cannot be reached. The pause grows from 1 second; Retry-After is kept to.',
	),
	caCertificate: textOption({
		displayName: 'CA Certificate',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: '-----BEGIN CERTIFICATE-----',
		description:
			'PEM of a certificate authority of your own that is trusted besides the public ones. Verification cannot be switched off.',
	}),
	deliveryIdKey: textOption({
		displayName: 'Delivery ID Key',
		default: 'deliveryId',
		description:
			'Adds the delivery ID of the item to the payload under this key, so that the receiver can tell a repeated delivery. AlertMagic ignores custom headers.',
	}),
	timeout: wholeNumberOption(
		'Time-Out (Seconds)',
		{ fallback: 30, min: 1, max: 300 },
		'How long one attempt may take',
	),
};

export const ALERT_MAGIC_PROPERTIES: INodeProperties[] = [
	{
		displayName: 'Destination',
		name: 'destination',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'AlertMagic Webhook',
				value: 'credential',
				description: 'Address, user name and password of an AlertMagic Webhook credential',
			},
			{
				name: 'AlertMagic Configuration',
				value: 'rule',
				description:
					'Uri, Username and Password of a rule in the Configuration of an IMAP Ingest account',
			},
		],
		default: 'credential',
		description: 'Where the payloads are sent',
	},
	{
		displayName: 'Rule Name',
		name: 'rule',
		type: 'string',
		required: true,
		default: '={{ $json.rule }}',
		displayOptions: { show: { destination: ['rule'] } },
		description: 'The Name of the rule whose destination is used',
	},
	{
		displayName: 'Payload',
		name: 'payload',
		type: 'json',
		required: true,
		default: '={{ $json.payload }}',
		description:
			'One JSON object; each item is sent as one alert. AlertMagic takes texts, so numbers and booleans are sent as text.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: toOptionProperties(ALERT_MAGIC_OPTIONS),
	},
];
