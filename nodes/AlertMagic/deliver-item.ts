import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { parseJsonObject } from '../core/is-record';
import { parseCaCertificate } from '../core/account/certificates';
import { toBody } from '../core/webhook/body';
import type { WebhookReply } from '../core/webhook/outcome';
import type { Webhook } from '../core/webhook/webhook';
import { readEgressRules } from '../shell/egress-rules';
import { readOptions } from '../shell/node-options';
import type { OptionValues } from '../shell/node-options';
import { ALERT_MAGIC_OPTIONS } from './properties';
import { deliver, type DeliverySettings } from './webhook-delivery';
import type { DestinationReader } from './webhook-destination';

/**
 * Delivers the payload of one item; the item that comes out begins with `delivered` and `status` and ends with `response`.
 * What it brought along under these first two names is kept.
 */
export async function deliverItem(
	context: IExecuteFunctions,
	item: INodeExecutionData,
	itemIndex: number,
	readDestination: DestinationReader,
): Promise<INodeExecutionData> {
	const options = readOptions(ALERT_MAGIC_OPTIONS, context.getNodeParameter('options', itemIndex));
	const { deliveryIdKey: key } = options;
	const body = toBody(
		context.getNodeParameter('payload', itemIndex),
		key === '' ? undefined : { key, id: item.json['id'] },
	);
	const webhook = await readDestination(itemIndex);
	const { reply, attempts } = await deliver(webhook, body, toSettings(context, options));
	const response = toResponse(webhook, reply, attempts);
	return { ...item, json: { delivered: true, status: reply.status, ...item.json, response } };
}

function toSettings(
	context: IExecuteFunctions,
	{ attempts, caCertificate, timeout }: OptionValues<typeof ALERT_MAGIC_OPTIONS>,
): DeliverySettings {
	return {
		timeoutMs: 1000 * timeout,
		retry: { maxAttempts: attempts, firstDelayMs: 1000, maxDelayMs: 30_000 },
		caCertificate: parseCaCertificate(caCertificate, 'CA Certificate'),
		signal: context.getExecutionCancelSignal(),
		egress: readEgressRules(context),
	};
}

/** The answer as JSON where it is JSON, as text otherwise. */
function toResponse(webhook: Webhook, reply: WebhookReply, attempts: number): IDataObject {
	const body = webhook.redact(reply.body);
	return {
		status: reply.status,
		body: (parseJsonObject(body) as IDataObject | undefined) ?? body,
		...(reply.truncated && { truncated: true }),
		attempts,
	};
}
