/*
 * Delivers payloads to the AlertMagic webhook. For each item deliver-item.ts makes the body (core/webhook), takes the
 * destination from the credential or from the rule that the item names (webhook-destination.ts), and posts until it
 * arrives or is given up (webhook-delivery.ts). credential-test.ts asks for an answer that changes nothing
 * (webhook-probe.ts).
 */
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { imapIngestApiTest } from '../shell/credential-test';
import { alertMagicApiTest } from './credential-test';
import { ItemResults } from '../shell/item-results';
import { createDestinationReader } from './webhook-destination';
import { deliverItem } from './deliver-item';
import { ALERT_MAGIC_PROPERTIES } from './properties';

/** Posts each item's payload to the AlertMagic webhook. */
export class AlertMagic implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'AlertMagic',
		name: 'alertMagic',
		icon: {
			light: 'file:../../credentials/alertMagic.svg',
			dark: 'file:../../credentials/alertMagic.dark.svg',
		},
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["destination"] === "rule" ? "to the destination of the rule" : "to the webhook" }}',
		description: 'Deliver payloads to the AlertMagic webhook',
		defaults: { name: 'AlertMagic' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'alertMagicApi',
				required: true,
				testedBy: 'alertMagicApiTest',
				// Were every choice of the field shown for a credential, n8n would hide the field.
				displayOptions: { hide: { destination: ['rule'] } },
			},
			{
				name: 'imapIngestApi',
				required: true,
				testedBy: 'imapIngestApiTest',
				displayOptions: { show: { destination: ['rule'] } },
			},
		],
		properties: ALERT_MAGIC_PROPERTIES,
	};

	methods = { credentialTest: { alertMagicApiTest, imapIngestApiTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const results = new ItemResults(this);
		const readDestination = createDestinationReader(this);
		for (const [itemIndex, item] of this.getInputData().entries()) {
			try {
				results.succeed(itemIndex, [await deliverItem(this, item, itemIndex, readDestination)]);
			} catch (error) {
				results.fail(itemIndex, error);
			}
		}
		return [results.inOrder()];
	}
}
