import { describe, expect, it } from 'vitest';
import { toBody } from '../../../nodes/core/webhook/body';

describe('toBody', () => {
	it.each<[string, unknown, string]>([
		['an object', { spoon: 'false' }, '{"spoon":"false"}'],
		['the text of an object', '{ "spoon": "false" }', '{"spoon":"false"}'],
		['an empty object', {}, '{}'],
		['nested values', { value: 1, tags: ['a'] }, '{"value":"1","tags":["a"]}'],
		['numbers and booleans as texts', { a: 97.5, b: false }, '{"a":"97.5","b":"false"}'],
		['a group named __proto__', JSON.parse('{"__proto__":"x"}'), '{"__proto__":"x"}'],
	])('sends %s', (_what, payload, body) => {
		expect(toBody(payload)).toBe(body);
	});

	it.each<[string, unknown, string]>([
		['a list', [{ a: 1 }], 'Payload is a list, one JSON object is needed.'],
		['the text of a list', '[1]', 'Payload is a list'],
		['a number', 7, 'Payload is a number'],
		['nothing', undefined, 'Payload is empty'],
		['null', null, 'Payload is empty'],
		['an empty text', '', 'Payload is empty, a JSON object is expected.'],
		['broken JSON', '{\n "a": }', 'Payload is not valid JSON (line 2, column 7)'],
	])('refuses %s', (_what, payload, message) => {
		expect(() => toBody(payload)).toThrow(message);
	});

	it('adds the delivery id under the chosen key', () => {
		expect(toBody({ a: '1' }, { key: 'deliveryId', id: 'x-1' })).toBe(
			'{"a":"1","deliveryId":"x-1"}',
		);
	});

	it('takes a delivery id that is already there', () => {
		expect(toBody({ id: 'x-1' }, { key: 'id', id: 'x-1' })).toBe('{"id":"x-1"}');
	});

	it.each<[string, { key: string; id: unknown }, string]>([
		['the key is taken', { key: 'a', id: 'x-1' }, 'The payload already has a key "a".'],
		['the item has no id', { key: 'b', id: undefined }, 'The item has no delivery ID'],
	])('refuses a delivery id when %s', (_what, field, message) => {
		expect(() => toBody({ a: '1' }, field)).toThrow(message);
	});
});
