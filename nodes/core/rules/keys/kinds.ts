import { IngestError } from '../../errors';
import type { Fields, NamedFields } from '../../json/fields';
import { compileDateFormat } from '../date-format';
import { isNumberFormat, NUMBER_FORMATS } from '../number-format';
import { isHeaderName } from '../text-field';
import type { PayloadValue, ValueType } from '../typed-value';

/** One of a few values: what it is called in JSON, in the form and on the screen. */
export interface Choice<Value extends string = string> {
	readonly json: string;
	readonly value: Value;
	readonly label: string;
	readonly description?: string;
}

/** A choice that the form calls as JSON does, but for the first letter. */
export function choice<Json extends string>(
	json: Json,
	label: string,
	description?: string,
): Choice<Uncapitalize<Json>> {
	return {
		json,
		value: uncapitalise(json),
		label,
		...(description !== undefined && { description }),
	};
}

function uncapitalise<Text extends string>(text: Text): Uncapitalize<Text> {
	return `${text.charAt(0).toLowerCase()}${text.slice(1)}` as Uncapitalize<Text>;
}

/** How the value of a key is written, whatever the key means; the form has a field for each type. */
export interface Kind<Value> {
	readonly type:
		| 'text'
		| 'patterns'
		| 'flag'
		| 'choice'
		| 'choices'
		| 'wholeNumber'
		| 'patternByHeader'
		| 'patternsByHeader'
		| 'types'
		| 'scalars'
		| 'texts'
		| 'rows';
	/** Of a choice: the default comes first. */
	readonly choices?: readonly Choice[];
	/** Of rows. */
	readonly columns?: readonly Column[];
	/** Reads a key; undefined where it says nothing that were not so without it. */
	read(fields: Fields, key: string): Value | undefined;
	/** Value -> JSON; as it stands unless given. */
	write?(value: Value): unknown;
}

/** What people see of a key or of a column, and where it is. */
export interface Texts {
	/** Name of the field of the form: stored in people's workflows. */
	readonly form: string;
	readonly label: string;
	readonly description?: string;
	readonly placeholder?: string;
	/** The form shows it only while another field has one of these values, and what it hides does not count. */
	readonly onlyWhen?: { readonly form: string; readonly is: readonly string[] };
}

/** A value of each row of a list. */
export interface Column extends Texts {
	/** Key in each object of the list. */
	readonly json: string;
	/** Whether a row makes sense without it. */
	readonly isOptional?: true;
	readonly kind: Pick<Kind<unknown>, 'type' | 'choices' | 'read' | 'write'>;
}

/** A column that the form calls as JSON does, but for the first letter; its label is the same unless given. */
export function column(
	json: string,
	kind: Column['kind'],
	about: Partial<Omit<Column, 'json' | 'form' | 'kind'>> = {},
): Column {
	return { json, form: uncapitalise(json), label: json, kind, ...about };
}

/** Several texts, none of which is empty. */
export const TEXT_LIST: Kind<readonly string[]> = {
	type: 'texts',
	read: (fields, key) => emptyToNothing(fields.strings(key).filter((text) => text !== '')),
};

/** A text; an empty one says nothing, as an empty pattern matches everything in .NET. */
export const TEXT: Kind<string> = {
	type: 'text',
	read: (fields, key) => emptyToNothing(fields.string(key)),
};

/** A text of a certain form, without the blanks around it. */
export function textLike(isValid: (text: string) => boolean, remedy: string): Kind<string> {
	return {
		type: 'text',
		read: (fields, key) => {
			const text = fields.string(key)?.trim() ?? '';
			if (text === '' || isValid(text)) return emptyToNothing(text);
			return fields.fault(key, `is "${text}"`, remedy);
		},
	};
}

export const PATTERNS: Kind<readonly string[]> = {
	type: 'patterns',
	read: (fields, key) => emptyToNothing(fields.strings(key)),
};

export const FLAG: Kind<true> = {
	type: 'flag',
	read: (fields, key) => (fields.boolean(key) === true ? true : undefined),
};

/** 0 is what a number field says when nobody filled it in. */
export const WHOLE_NUMBER: Kind<number> = {
	type: 'wholeNumber',
	read: (fields, key) => {
		const value = fields.wholeNumber(key);
		return value === 0 ? undefined : value;
	},
};

/** One of several choices, or the default, which says nothing. */
export function choiceOf<Value extends string>(
	byDefault: Choice,
	...others: ReadonlyArray<Choice<Value>>
): Kind<Value> {
	const { read, ...kind } = oneOf<string>([byDefault, ...others]);
	return {
		...kind,
		read: (fields, key) => {
			const chosen = read(fields, key);
			return others.find(({ value }) => value === chosen)?.value;
		},
	};
}

/** One of several choices; only a form fills in the first one by itself. */
export function oneOf<Value extends string>(choices: ReadonlyArray<Choice<Value>>): Kind<Value> {
	const byName = Object.fromEntries(choices.map(({ json, value }) => [json, value] as const));
	return {
		type: 'choice',
		choices,
		read: (fields, key) => fields.choice(key, byName),
		write: (chosen) => choices.find(({ value }) => value === chosen)?.json,
	};
}

/** Some of several choices, in their order. */
export function severalOf<Value extends string>(
	choices: ReadonlyArray<Choice<Value>>,
): Kind<readonly Value[]> {
	const names = choices.map(({ json }) => json).join(', ');
	const find = (name: string) =>
		choices.find(({ json }) => json.toLowerCase() === name.trim().toLowerCase());
	return {
		type: 'choices',
		choices,
		read: (fields, key) => {
			const given = fields.strings(key);
			const unknown = given.find((name) => find(name) === undefined);
			if (unknown !== undefined) fields.fault(key, `has "${unknown}"`, `Use some of ${names}.`);
			const chosen = new Set(given.map(find));
			const values = choices.filter((choice) => chosen.has(choice)).map(({ value }) => value);
			return values.length === 0 ? undefined : values;
		},
		write: (values) =>
			choices.filter(({ value }) => values.includes(value)).map(({ json }) => json),
	};
}

export const PATTERN_BY_HEADER: Kind<Readonly<Record<string, string>>> = {
	type: 'patternByHeader',
	read: (fields, key) => readHeaders(fields.named(key), (headers, name) => headers.string(name)),
};

export const PATTERNS_BY_HEADER: Kind<Readonly<Record<string, readonly string[]>>> = {
	type: 'patternsByHeader',
	read: (fields, key) => readHeaders(fields.named(key), (headers, name) => headers.strings(name)),
};

/** Reads an object whose keys are names of header fields; what is empty is left out. */
function readHeaders<Value extends string | readonly string[]>(
	headers: NamedFields | undefined,
	read: (headers: NamedFields, name: string) => Value | undefined,
): Readonly<Record<string, Value>> | undefined {
	return readNamed(headers, (fields, name) => {
		if (isHeaderName(name)) return emptyToNothing(read(fields, name));
		return fields.fault(name, 'is no name of a header field', 'Write e.g. X-Priority.');
	});
}

/** Texts, numbers, true and false by names that the user chose. */
export const SCALARS: Kind<Readonly<Record<string, PayloadValue>>> = {
	type: 'scalars',
	read: (fields, key) => readNamed(fields.named(key), (values, name) => values.scalar(name)),
};

const TYPE_NAMES: Readonly<Record<string, ValueType['kind']>> = {
	Text: 'text',
	Number: 'number',
	Boolean: 'boolean',
	Date: 'date',
};

/** A type by its name, or an object with `Type` and `Format`. */
export const TYPES: Kind<Readonly<Record<string, ValueType>>> = {
	type: 'types',
	read: (fields, key) =>
		readNamed(fields.named(key), (types, name) => {
			const type = readType(types, name);
			return type?.kind === 'text' ? undefined : type;
		}),
	write: (types) =>
		Object.fromEntries(
			Object.entries(types).map(([name, type]) => [name, writeType(type)] as const),
		),
};

function writeType(type: ValueType): unknown {
	const name = Object.keys(TYPE_NAMES).find((known) => TYPE_NAMES[known] === type.kind);
	return 'format' in type ? { Type: name, Format: type.format } : name;
}

function readType(types: NamedFields, name: string): ValueType | undefined {
	if (!types.isObject(name)) {
		const kind = types.choice(name, TYPE_NAMES);
		return kind === undefined ? undefined : { kind };
	}
	const parts = types.object(name, ['Type', 'Format']);
	const kind = parts?.choice('Type', TYPE_NAMES);
	if (parts?.has('Type') === false) {
		parts.fault('Type', 'is missing', `Use one of ${Object.keys(TYPE_NAMES).join(', ')}.`);
	}
	return parts === undefined || kind === undefined ? undefined : withFormat(parts, kind);
}

function withFormat(fields: Fields, kind: ValueType['kind']): ValueType | undefined {
	const format = fields.string('Format')?.trim() ?? '';
	if (format === '') return { kind };
	if (kind === 'date') return isDateFormat(fields, format) ? { kind, format } : undefined;
	if (kind !== 'number') {
		return fields.fault('Format', 'is given, but only numbers and dates have one', 'Remove it.');
	}
	if (format === NUMBER_FORMATS[0]) return { kind };
	if (isNumberFormat(format)) return { kind, format };
	return fields.fault('Format', `is "${format}"`, `Use one of ${NUMBER_FORMATS.join('  ')}.`);
}

function isDateFormat(fields: Fields, format: string): boolean {
	try {
		compileDateFormat(format);
		return true;
	} catch (error) {
		if (!(error instanceof IngestError)) throw error;
		fields.fault('Format', error.message.replace(/\.$/, ''), error.remedy ?? '');
		return false;
	}
}

/** The values of an object whose keys are names that the user chose, or undefined where there is none. */
function readNamed<Value>(
	fields: NamedFields | undefined,
	read: (fields: NamedFields, name: string) => Value | undefined,
): Readonly<Record<string, Value>> | undefined {
	if (fields === undefined) return undefined;
	const entries = fields.names().flatMap((name) => {
		const value = read(fields, name);
		return value === undefined ? [] : [[name, value] as const];
	});
	return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A text or list, or undefined where it is empty. */
export function emptyToNothing<Value extends string | readonly unknown[]>(
	value: Value | undefined,
): Value | undefined {
	return value?.length === 0 ? undefined : value;
}
