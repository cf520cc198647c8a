import { isRecord } from '../is-record';
import type { JSONPath } from 'jsonc-parser';

import { IngestError } from '../errors';
import type { JsonSource } from './json-source';

/** Reads the fields of one JSON object, collecting every fault instead of stopping at the first. */
export interface Fields {
	/** True when the key is there and not null: to .NET, null is the same as absent. */
	has(key: string): boolean;
	string(key: string): string | undefined;
	strings(key: string): readonly string[];
	object(key: string, keys: readonly string[]): Fields | undefined;
	objects(key: string, keys: readonly string[]): readonly Fields[];
	wholeNumber(key: string): number | undefined;
	boolean(key: string): boolean | undefined;
	/** One of the choices by its name, in any case; an empty text is none. */
	choice<Choice>(key: string, choices: Readonly<Record<string, Choice>>): Choice | undefined;
	/** An object whose keys are names that the user chose. */
	named(key: string): NamedFields | undefined;
	/** Adds a fault of this object's field, e.g. `fields.fault('Action', 'is "x"', 'Use one of ...')`. */
	fault(key: string, problem: string, remedy: string): void;
}

/** The fields of an object whose keys are names that the user chose. */
export interface NamedFields extends Fields {
	/** The names that have a value, in the order they are written. */
	names(): readonly string[];
	isObject(name: string): boolean;
	/** A text, a number, or true or false. */
	scalar(name: string): string | number | boolean | undefined;
}

interface Context {
	readonly source: JsonSource;
	readonly faults: IngestError[];
}

/**
 * Opens the fields of a JSON object whose keys are matched without regard to case, as .NET's Newtonsoft reader does.
 * Keys that are not in `keys` become faults: nothing is dropped silently.
 *
 * @param path where the object stands in the source, with the spelling of the source
 * @param name what the user calls the object, e.g. `AlertMagic.Ingests[0]`
 */
export function openFields(
	source: JsonSource,
	faults: IngestError[],
	value: unknown,
	options: { readonly path: JSONPath; readonly name: string; readonly keys: readonly string[] },
): Fields | undefined {
	const context = { source, faults };
	if (!isRecord(value)) {
		addFault(
			context,
			options.path,
			options.name,
			`is ${kindOf(value)}, a JSON object is expected`,
			'Write { ... } there.',
		);
		return undefined;
	}
	reportUnknownKeys(context, value, options);
	return new ObjectFields(context, value, options.path, options.name);
}

class ObjectFields implements NamedFields {
	constructor(
		private readonly context: Context,
		private readonly record: Readonly<Record<string, unknown>>,
		private readonly path: JSONPath,
		private readonly name: string,
	) {}

	has(key: string): boolean {
		return this.read(key).value !== undefined;
	}

	string(key: string): string | undefined {
		const { value } = this.read(key);
		if (value === undefined || typeof value === 'string') return value;
		this.fault(key, `is ${kindOf(value)}, a text is expected`, 'Put it in double quotes.');
		return undefined;
	}

	strings(key: string): readonly string[] {
		const { value } = this.read(key);
		if (value === undefined) return [];
		if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
		this.fault(key, 'is not a list of texts', 'Write ["first", "second"].');
		return [];
	}

	object(key: string, keys: readonly string[]): Fields | undefined {
		const { value, spelling } = this.read(key);
		if (value === undefined) return undefined;
		return openFields(this.context.source, this.context.faults, value, {
			path: [...this.path, spelling],
			name: this.nameOf(key),
			keys,
		});
	}

	objects(key: string, keys: readonly string[]): readonly Fields[] {
		const { value, spelling } = this.read(key);
		if (value === undefined) return [];
		if (!Array.isArray(value)) {
			this.fault(key, `is ${kindOf(value)}, a list is expected`, 'Write [ { ... } ].');
			return [];
		}
		return value.flatMap((entry: unknown, index) => {
			const path = [...this.path, spelling, index];
			const name = `${this.nameOf(key)}[${String(index)}]`;
			return (
				openFields(this.context.source, this.context.faults, entry, { path, name, keys }) ?? []
			);
		});
	}

	wholeNumber(key: string): number | undefined {
		const { value } = this.read(key);
		if (value === undefined) return undefined;
		if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
		const shown = typeof value === 'number' ? String(value) : kindOf(value);
		this.fault(key, `is ${shown}, a whole number of 0 or more is expected`, 'Write e.g. 30.');
		return undefined;
	}

	boolean(key: string): boolean | undefined {
		const { value } = this.read(key);
		if (value === undefined || typeof value === 'boolean') return value;
		this.fault(key, `is ${kindOf(value)}, true or false is expected`, 'Write it without quotes.');
		return undefined;
	}

	choice<Choice>(key: string, choices: Readonly<Record<string, Choice>>): Choice | undefined {
		const value = this.string(key);
		if (value === undefined || value === '') return undefined;
		const name = Object.keys(choices).find((choice) => sameKey(choice, value));
		if (name !== undefined) return choices[name];
		this.fault(key, `is "${value}"`, `Use one of ${Object.keys(choices).join(', ')}.`);
		return undefined;
	}

	named(key: string): NamedFields | undefined {
		const { value, spelling } = this.read(key);
		if (value === undefined) return undefined;
		if (isRecord(value))
			return new ObjectFields(this.context, value, [...this.path, spelling], this.nameOf(key));
		this.fault(key, `is ${kindOf(value)}, a JSON object is expected`, 'Write { "name": ... }.');
		return undefined;
	}

	names(): readonly string[] {
		return Object.keys(this.record).filter((name) => this.has(name));
	}

	isObject(name: string): boolean {
		return isRecord(this.read(name).value);
	}

	scalar(name: string): string | number | boolean | undefined {
		const { value } = this.read(name);
		if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
			return value;
		if (value !== undefined)
			this.fault(name, `is ${kindOf(value)}, a single value is expected`, 'Write e.g. "network".');
		return undefined;
	}

	fault(key: string, problem: string, remedy: string): void {
		const { spelling } = this.read(key);
		addFault(this.context, [...this.path, spelling], this.nameOf(key), problem, remedy);
	}

	private nameOf(key: string): string {
		return this.name === '' ? key : `${this.name}.${key}`;
	}

	private read(key: string): { value: unknown; spelling: string } {
		const names = Object.keys(this.record);
		const spelling =
			names.find((name) => name === key) ?? names.find((name) => sameKey(name, key)) ?? key;
		const value = Object.hasOwn(this.record, spelling) ? this.record[spelling] : undefined;
		return { value: value ?? undefined, spelling };
	}
}

function reportUnknownKeys(
	context: Context,
	record: Readonly<Record<string, unknown>>,
	options: { readonly path: JSONPath; readonly name: string; readonly keys: readonly string[] },
): void {
	for (const key of Object.keys(record)) {
		if (options.keys.some((known) => sameKey(known, key))) continue;
		const name = options.name === '' ? key : `${options.name}.${key}`;
		const remedy = `Remove it or correct its spelling; known here: ${options.keys.join(', ')}.`;
		addFault(context, [...options.path, key], name, 'is not a known key', remedy);
	}
}

function addFault(
	context: Context,
	path: JSONPath,
	name: string,
	problem: string,
	remedy: string,
): void {
	const field = name === '' ? 'Configuration' : name;
	const message = `${field}${context.source.locate(path)} ${problem}.`;
	context.faults.push(new IngestError('configuration', message, { field, remedy }));
}

function sameKey(left: string, right: string): boolean {
	return left.toLowerCase() === right.toLowerCase();
}

function kindOf(value: unknown): string {
	if (value === null || value === undefined) return 'empty';
	if (Array.isArray(value)) return 'a list';
	return (
		{ string: 'a text', number: 'a number', boolean: 'true or false' }[typeof value as string] ??
		'an object'
	);
}
