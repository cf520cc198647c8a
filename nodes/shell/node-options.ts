import type { INodeProperties } from 'n8n-workflow';

import { isRecord } from '../core/is-record';
import { readWholeNumber } from '../core/whole-number';
import type { WholeNumberRange } from '../core/whole-number';

/** An option of a node: what the editor shows, and how its value is read. */
export interface NodeOption<Value> {
	readonly property: Omit<INodeProperties, 'name'>;
	/**
	 * @param value undefined where the option was not added
	 * @throws IngestError `configuration` with field, value and remedy
	 */
	readonly read: (value: unknown) => Value;
}

/** Options by the names under which workflows store them. */
type NodeOptions = Readonly<Record<string, NodeOption<unknown>>>;

export type OptionValues<Options extends NodeOptions> = {
	readonly [Name in keyof Options]: ReturnType<Options[Name]['read']>;
};

/** What the editor shows of options, by label. */
export function toOptionProperties(options: NodeOptions): INodeProperties[] {
	return Object.entries(options)
		.map(([name, { property }]): INodeProperties => ({ ...property, name }))
		.sort((left, right) => left.displayName.localeCompare(right.displayName));
}

/**
 * Reads a collection of options.
 *
 * @throws IngestError `configuration` with field, value and remedy
 */
export function readOptions<Options extends NodeOptions>(
	options: Options,
	collection: unknown,
): OptionValues<Options> {
	const given = isRecord(collection) ? collection : {};
	return Object.fromEntries(
		Object.entries(options).map(([name, { read }]) => [name, read(given[name])] as const),
	) as OptionValues<Options>;
}

/** On or off. */
export function flagOption(
	displayName: string,
	byDefault: boolean,
	description: string,
): NodeOption<boolean> {
	return {
		property: { displayName, type: 'boolean', default: byDefault, description },
		read: (value) => (typeof value === 'boolean' ? value : byDefault),
	};
}

/** A text; empty where the option was not added. */
export function textOption(property: Omit<INodeProperties, 'name' | 'type'>): NodeOption<string> {
	return {
		property: { ...property, type: 'string' },
		read: (value) => (typeof value === 'string' ? value : ''),
	};
}

/** A value, what the editor calls it, and what it means. */
type ChoiceRow<Value> = readonly [value: Value, name: string, description: string];

/** One of several values; the first is the default, and what stands for anything unknown. */
export function choiceOption<Value extends string>(
	displayName: string,
	choices: readonly [ChoiceRow<Value>, ...Array<ChoiceRow<Value>>],
	description?: string,
): NodeOption<Value> {
	const [[byDefault]] = choices;
	return {
		property: {
			displayName,
			type: 'options',
			default: byDefault,
			options: choices.map(([value, name, meaning]) => ({ name, value, description: meaning })),
			...(description !== undefined && { description }),
		},
		read: (value) => choices.find(([choice]) => choice === value)?.[0] ?? byDefault,
	};
}

/** A whole number; the label tells what is counted. */
export function wholeNumberOption(
	field: string,
	{ fallback, ...range }: WholeNumberRange & { readonly fallback: number },
	description: string,
): NodeOption<number> {
	const { min: minValue, max: maxValue, unit = '' } = range;
	const label = unit === '' ? '' : ` (${unit.charAt(0).toUpperCase()}${unit.slice(1)})`;
	return {
		property: {
			displayName: `${field}${label}`,
			type: 'number',
			typeOptions: { minValue, maxValue, numberPrecision: 0 },
			default: fallback,
			description,
		},
		read: (value) => readWholeNumber(value ?? fallback, field, range),
	};
}
