import { isRecord } from '../is-record';
import { parseJson } from '../json/json-source';
import { IngestError, wrongSetting } from '../errors';

/** The delivery id under a key of the body, so that a receiver which ignores headers can drop a repeated delivery. */
export interface DeliveryIdField {
	readonly key: string;
	readonly id: unknown;
}

/**
 * Makes the body of a POST: AlertMagic takes one JSON object in each request, with string values.
 *
 * @param payload the object, or its JSON text
 * @throws IngestError `configuration` when it is anything else, or when the key of the delivery id is taken
 */
export function toBody(payload: unknown, deliveryId?: DeliveryIdField): string {
	const value = typeof payload === 'string' ? parseJson(payload, 'Payload').value : payload;
	if (!isRecord(value)) {
		throw wrongSetting(
			'Payload',
			`is ${kindOf(value)}, one JSON object is needed`,
			Array.isArray(value)
				? 'Split the list into items first; each item is sent as one alert.'
				: 'Let the expression lead to an object, e.g. {{ $json.payload }}.',
		);
	}
	const texts = withTexts(value);
	return JSON.stringify(deliveryId === undefined ? texts : withDeliveryId(texts, deliveryId));
}

/** AlertMagic takes string values only; what a rule gave another type is written out. */
function withTexts(payload: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	const isTyped = (value: unknown): value is number | boolean =>
		typeof value === 'number' || typeof value === 'boolean';
	return Object.fromEntries(
		Object.entries(payload).map(([key, value]) => [key, isTyped(value) ? String(value) : value]),
	);
}

function withDeliveryId(
	payload: Readonly<Record<string, unknown>>,
	{ key, id }: DeliveryIdField,
): Readonly<Record<string, unknown>> {
	const field = 'Delivery ID Key';
	if (typeof id !== 'string' || id === '') {
		throw new IngestError('configuration', 'The item has no delivery ID: "id" is not a text.', {
			field,
			remedy: 'Keep the field "id" of the trigger up to this node, or remove the option.',
		});
	}
	if (Object.hasOwn(payload, key) && payload[key] !== id) {
		throw new IngestError('configuration', `The payload already has a key "${key}".`, {
			field,
			remedy: 'Choose another key, or rename the captured group.',
		});
	}
	return Object.fromEntries([...Object.entries(payload), [key, id]]);
}

function kindOf(value: unknown): string {
	if (value === undefined || value === null) return 'empty';
	return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
