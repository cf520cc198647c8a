import type { INodePropertyOptions, INodeProperties } from 'n8n-workflow';

import { IngestError } from '../../core/errors';
import { MAILBOX_RESOURCE } from './mailbox/mailbox.resource';
import { MESSAGE_RESOURCE } from './message/message.resource';
import type { Operation, Resource } from './operation';
import { RULES_RESOURCE } from './rules/rules.resource';

/** Everything the node can do: what is not in here is neither shown nor run. */
export const RESOURCES: readonly Resource[] = [MAILBOX_RESOURCE, MESSAGE_RESOURCE, RULES_RESOURCE];

/** The operation that the parameters Resource and Operation name. */
export function findOperation(resource: unknown, operation: unknown): Operation {
	const found = RESOURCES.find(({ value }) => value === resource)?.operations.find(
		({ value }) => value === operation,
	);
	if (found !== undefined) return found;
	throw new IngestError(
		'configuration',
		`There is no operation "${String(operation)}" of "${String(resource)}".`,
		{ field: 'Operation', remedy: 'Choose an operation from the list.' },
	);
}

/** What the node does, in words, below its name on the canvas. */
export function toSubtitle(resources: readonly Resource[]): string {
	// One flat table: a `}}` inside would end the expression.
	const names = Object.fromEntries(
		resources.flatMap((resource) =>
			resource.operations.map(({ value, name }) => [`${resource.value}.${value}`, name]),
		),
	);
	return `={{ (${JSON.stringify(names)})[$parameter["resource"] + "." + $parameter["operation"]] }}`;
}

/** The parameters of the node: the two choices, then those of each operation. */
export function toProperties(resources: readonly Resource[]): INodeProperties[] {
	return [
		toResourceChoice(resources),
		...resources.map(toOperationChoice),
		...resources.flatMap((resource) =>
			resource.operations.flatMap(({ value, properties }) =>
				properties.map((property) => showFor(property, resource.value, value)),
			),
		),
	];
}

function toResourceChoice(resources: readonly Resource[]): INodeProperties {
	return {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: resources.map(({ name, value }) => ({ name, value })),
		default: 'message',
	};
}

function toOperationChoice({
	value: resource,
	operations,
	defaultOperation,
}: Resource): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(({ name, value, action, description }): INodePropertyOptions => ({
			name,
			value,
			action,
			description,
		})),
		default: defaultOperation,
	};
}

function showFor(property: INodeProperties, resource: string, operation: string): INodeProperties {
	const { displayOptions } = property;
	return {
		...property,
		displayOptions: {
			...displayOptions,
			show: { ...displayOptions?.show, resource: [resource], operation: [operation] },
		},
	};
}
