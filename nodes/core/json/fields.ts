import { IngestError } from '../errors';
import type { Faults, Place } from '../errors';
import { isRecord } from '../is-record';
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
	/** Adds a fault of this object's field, e.g. `fields.fault('Action', 'is "x"', 'Use one of ...')`; there is no value then. */
	fault(key: string, problem: string, remedy: string): undefined;
}

/** The fields of an object whose keys are names that the user chose. */
export interface NamedFields extends Fields {
	/** The names that have a value, in the order they are written. */
	names(): readonly string[];
	isObject(name: string): boolean;
	/** A text, a number, or true or false. */
	scalar(name: string): string | number | boolean | undefined;
}

/** Where the fields of a document come from, and where their faults go. */
export interface FieldsContext {
	readonly source: JsonSource;
	readonly faults: Faults;
}

/** A place in the document, with the keys as they are documented and as the source spells them. */
interface Spot {
	readonly place: Place;
	readonly spelled: Place;
}

const TOP: Spot = { place: [], spelled: [] };

/**
 * Opens the fields of a JSON object whose keys are matched without regard to case, as .NET's Newtonsoft reader does.
 * Keys that are not in `keys` become faults: nothing is dropped silently.
 */
export function openFields(
	context: FieldsContext,
	value: unknown,
	keys: readonly string[],
): Fields | undefined {
	return openAt(context, value, keys, TOP);
}

function openAt(
	context: FieldsContext,
	value: unknown,
	keys: readonly string[],
	spot: Spot,
): Fields | undefined {
	if (!isRecord(value)) {
		const problem = `is ${kindOf(value)}, a JSON object is expected`;
		return addFault(context, spot, problem, 'Write { ... } there.');
	}
	reportUnknownKeys(context, value, keys, spot);
	return new ObjectFields(context, value, spot);
}

class ObjectFields implements NamedFields {
	/** Spellings by key in lower case, made at the first look for a key that is not spelled as documented. */
	private spellings: ReadonlyMap<string, string> | undefined;

	constructor(
		private readonly context: FieldsContext,
		private readonly record: Readonly<Record<string, unknown>>,
		private readonly spot: Spot,
	) {}

	has(key: string): boolean {
		return this.read(key).value !== undefined;
	}

	string(key: string): string | undefined {
		const { value } = this.read(key);
		if (value === undefined || typeof value === 'string') return value;
		return this.refuse(key, 'a text', 'Put it in double quotes.');
	}

	strings(key: string): readonly string[] {
		const { value } = this.read(key);
		if (value === undefined) return [];
		if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
		this.fault(key, 'is not a list of texts', 'Write ["first", "second"].');
		return [];
	}

	object(key: string, keys: readonly string[]): Fields | undefined {
		const { value, spot } = this.read(key);
		return value === undefined ? undefined : openAt(this.context, value, keys, spot);
	}

	objects(key: string, keys: readonly string[]): readonly Fields[] {
		const { value, spot } = this.read(key);
		if (value === undefined) return [];
		if (!Array.isArray(value)) {
			this.refuse(key, 'a list', 'Write [ { ... } ].');
			return [];
		}
		return value.flatMap(
			(entry: unknown, index) => openAt(this.context, entry, keys, within(spot, index)) ?? [],
		);
	}

	wholeNumber(key: string): number | undefined {
		const { value } = this.read(key);
		if (value === undefined) return undefined;
		if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
		const shown = typeof value === 'number' ? String(value) : kindOf(value);
		return this.fault(
			key,
			`is ${shown}, a whole number of 0 or more is expected`,
			'Write e.g. 30.',
		);
	}

	boolean(key: string): boolean | undefined {
		const { value } = this.read(key);
		if (value === undefined || typeof value === 'boolean') return value;
		return this.refuse(key, 'true or false', 'Write it without quotes.');
	}

	choice<Choice>(key: string, choices: Readonly<Record<string, Choice>>): Choice | undefined {
		const value = this.string(key);
		if (value === undefined || value === '') return undefined;
		const name = Object.keys(choices).find((choice) => sameKey(choice, value));
		if (name !== undefined) return choices[name];
		return this.fault(key, `is "${value}"`, `Use one of ${Object.keys(choices).join(', ')}.`);
	}

	named(key: string): NamedFields | undefined {
		const { value, spot } = this.read(key);
		if (value === undefined) return undefined;
		if (isRecord(value)) return new ObjectFields(this.context, value, spot);
		return this.refuse(key, 'a JSON object', 'Write { "name": ... }.');
	}

	names(): readonly string[] {
		return Object.keys(this.record).filter((name) => this.has(name));
	}

	isObject(name: string): boolean {
		return isRecord(this.read(name).value);
	}

	scalar(name: string): string | number | boolean | undefined {
		const { value } = this.read(name);
		if (value === undefined || typeof value === 'string') return value;
		if (typeof value === 'number' || typeof value === 'boolean') return value;
		return this.refuse(name, 'a single value', 'Write e.g. "network".');
	}

	fault(key: string, problem: string, remedy: string): undefined {
		return addFault(this.context, this.read(key).spot, problem, remedy);
	}

	private refuse(key: string, expected: string, remedy: string): undefined {
		const problem = `is ${kindOf(this.read(key).value)}, ${expected} is expected`;
		return this.fault(key, problem, remedy);
	}

	private read(key: string): { value: unknown; spot: Spot } {
		const spelling = this.spell(key);
		const value = Object.hasOwn(this.record, spelling) ? this.record[spelling] : undefined;
		return { value: value ?? undefined, spot: within(this.spot, key, spelling) };
	}

	private spell(key: string): string {
		if (Object.hasOwn(this.record, key)) return key;
		this.spellings ??= new Map(
			Object.keys(this.record)
				.reverse()
				.map((name) => [name.toLowerCase(), name]),
		);
		return this.spellings.get(key.toLowerCase()) ?? key;
	}
}

function within({ place, spelled }: Spot, key: string | number, spelling = key): Spot {
	return { place: [...place, key], spelled: [...spelled, spelling] };
}

function reportUnknownKeys(
	context: FieldsContext,
	record: Readonly<Record<string, unknown>>,
	keys: readonly string[],
	spot: Spot,
): void {
	for (const key of Object.keys(record)) {
		if (keys.some((known) => sameKey(known, key))) continue;
		const remedy = `Remove it or correct its spelling; known here: ${keys.join(', ')}.`;
		addFault(context, within(spot, key), 'is not a known key', remedy);
	}
}

function addFault(context: FieldsContext, spot: Spot, problem: string, remedy: string): undefined {
	const { source, faults } = context;
	faults.add(() => {
		const field = source.describe(spot.place);
		const where = source.locate(spot.spelled);
		return new IngestError('configuration', `${field}${where} ${shorten(problem)}.`, {
			field,
			place: spot.place,
			remedy,
		});
	});
	return undefined;
}

/** A problem quotes what the user wrote, which may be a whole file. */
function shorten(problem: string): string {
	return problem.length > 300 ? `${problem.slice(0, 300)}…` : problem;
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
