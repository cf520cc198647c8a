import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import { findOperation, RESOURCES } from '../../../nodes/ImapIngest/actions/operations';
import { ImapIngest } from '../../../nodes/ImapIngest/ImapIngest.node';

const { properties } = new ImapIngest().description;
const operations = RESOURCES.flatMap((resource) =>
	resource.operations.map((operation) => ({ resource, operation })),
);
const cases = operations.map(
	({ resource, operation }) =>
		[`${resource.value}.${operation.value}`, resource, operation] as const,
);

/** What the panel shows for an operation. */
const shownFor = (resource: string, operation: string): INodeProperties[] =>
	properties.filter(({ displayOptions }) => {
		const { show } = displayOptions ?? {};
		return (
			show?.['resource']?.includes(resource) === true &&
			show['operation']?.includes(operation) === true
		);
	});
const isOption = (entry: object): entry is INodePropertyOptions => 'value' in entry;
const choicesOf = (name: string, resource?: string): INodePropertyOptions[] =>
	properties
		.filter((property) => property.name === name)
		.filter(
			({ displayOptions }) =>
				resource === undefined || displayOptions?.show?.['resource']?.includes(resource),
		)
		.flatMap(({ options = [] }) => options.filter(isOption));

describe('the panel of the action node', () => {
	it('offers the operations that can be run, and no others', () => {
		expect(choicesOf('resource').map(({ value }) => value)).toEqual(
			RESOURCES.map(({ value }) => value),
		);
		for (const { value, operations: own } of RESOURCES) {
			expect(choicesOf('operation', value).map((choice) => choice.value)).toEqual(
				own.map((operation) => operation.value),
			);
		}
	});

	it.each(cases)('names %s in words below the node', (name, _resource, operation) => {
		const { subtitle = '' } = new ImapIngest().description;
		expect(subtitle.match(/\}\}/g)).toHaveLength(1);
		expect(subtitle).toContain(`${JSON.stringify(name)}:${JSON.stringify(operation.name)}`);
	});

	it.each(RESOURCES.map(({ value }) => value))('sorts the operations of %s by name', (resource) => {
		const names = choicesOf('operation', resource).map(({ name }) => name);
		expect(names).toEqual([...names].sort((left, right) => left.localeCompare(right)));
	});

	it.each(cases)('describes %s with an action sentence', (_name, resource, operation) => {
		expect(operation.name).toMatch(/^[A-Z]/);
		expect(operation.action).toMatch(/^[A-Z][a-z]+ /);
		expect(operation.action).not.toMatch(/\.$/);
		expect(operation.description).not.toBe('');
		expect(findOperation(resource.value, operation.value)).toBe(operation);
	});

	it.each(cases)('describes every parameter of %s, each once', (_name, resource, operation) => {
		const shown = shownFor(resource.value, operation.value);
		expect(shown.map(({ name }) => name)).toEqual(operation.properties.map(({ name }) => name));
		const once = shown.map(({ name, displayOptions }) =>
			JSON.stringify([name, displayOptions?.show?.['@version']]),
		);
		expect(new Set(once).size).toBe(shown.length);
		for (const { name, type, description } of shown) {
			if (name !== 'options' && type !== 'notice') expect(description, name).toBeTruthy();
		}
	});

	it.each(cases)('sorts the options of %s by name', (_name, { value }, operation) => {
		const names = shownFor(value, operation.value)
			.filter(({ type }) => type === 'collection')
			.map(({ options = [] }) =>
				options.map((option) => ('displayName' in option ? option.displayName : option.name)),
			);
		for (const list of names) {
			expect(list).toEqual([...list].sort((left, right) => left.localeCompare(right)));
		}
	});

	it('lets nobody but the user choose what is done: neither choice takes an expression', () => {
		const choices = properties.filter(({ name }) => name === 'resource' || name === 'operation');
		expect(choices.map(({ noDataExpression }) => noDataExpression)).toEqual(
			choices.map(() => true),
		);
	});

	it.each([
		['message', 'explode'],
		['message', 'constructor'],
		['mailbox', 'delete'],
		['folder', 'list'],
	])('knows no operation %s.%s', (resource, operation) => {
		expect(() => findOperation(resource, operation)).toThrow(
			`There is no operation "${operation}" of "${resource}".`,
		);
	});
});
