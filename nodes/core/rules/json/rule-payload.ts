import { compileDateFormat } from '../date-format';
import { IngestError } from '../../errors';
import { isNumberFormat, NUMBER_FORMATS } from '../number-format';
import type { Rule, WhenMissing } from '../rule';
import type { TextField } from '../text-field';
import type { ValueType } from '../typed-value';
import type { Fields, NamedFields } from '../../json/fields';
import { readHeaders } from './rule-filter';

const PAYLOAD_KEYS = [
	'FromCaptures',
	'ToCaptures',
	'CcCaptures',
	'SubjectCaptures',
	'HeaderCaptures',
	'AttachmentNameCaptures',
	'BodyCaptures',
	'WhenMissing',
	'Matches',
	'Types',
	'Fixed',
] as const;

const WHEN_MISSING: Readonly<Record<string, WhenMissing>> = {
	LeaveOut: 'leaveOut',
	EmptyString: 'emptyString',
	Refuse: 'refuse',
};

const MATCHES: Readonly<Record<string, 'first' | 'all'>> = { First: 'first', All: 'all' };

const TYPES: Readonly<Record<string, ValueType['kind']>> = {
	Text: 'text',
	Number: 'number',
	Boolean: 'boolean',
	Date: 'date',
};

type PayloadRules = Pick<Rule, 'captures' | 'whenMissing' | 'matches' | 'types' | 'fixed'>;

/** Reads the `Payload` of a rule: what is captured, and what becomes of it. */
export function readPayload(entry: Fields): PayloadRules {
	const fields = entry.object('Payload', PAYLOAD_KEYS);
	if (fields === undefined) return { captures: NO_CAPTURES, whenMissing: 'leaveOut' };
	const types = readTypes(fields.named('Types'));
	const fixed = readFixed(fields.named('Fixed'));
	return {
		captures: {
			...NO_CAPTURES,
			...captures(fields, 'from', 'FromCaptures'),
			...captures(fields, 'to', 'ToCaptures'),
			...captures(fields, 'cc', 'CcCaptures'),
			...captures(fields, 'subject', 'SubjectCaptures'),
			...readHeaders(fields, 'HeaderCaptures', (headers, name) => headers.strings(name)),
			...captures(fields, 'attachmentName', 'AttachmentNameCaptures'),
			...captures(fields, 'body', 'BodyCaptures'),
		},
		whenMissing: fields.choice('WhenMissing', WHEN_MISSING) ?? 'leaveOut',
		...(fields.choice('Matches', MATCHES) === 'all' && { matches: 'all' }),
		...(types !== undefined && { types }),
		...(fixed !== undefined && { fixed }),
	};
}

const NO_CAPTURES = { from: [], subject: [], body: [] } as const;

function captures(fields: Fields, field: TextField, key: string): Rule['captures'] {
	const patterns = fields.strings(key);
	return patterns.length === 0 ? {} : { [field]: patterns };
}

/** A type by its name, or an object with `Type` and `Format`; text says nothing that were not so without it. */
function readTypes(fields: NamedFields | undefined): Rule['types'] {
	const entries = (fields?.names() ?? []).flatMap((name) => {
		const type = fields === undefined ? undefined : readType(fields, name);
		return type === undefined || type.kind === 'text' ? [] : [[name, type] as const];
	});
	return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function readType(fields: NamedFields, name: string): ValueType | undefined {
	if (fields.isObject(name)) {
		const parts = fields.object(name, ['Type', 'Format']);
		if (parts === undefined) return undefined;
		const kind = parts.choice('Type', TYPES);
		if (!parts.has('Type')) parts.fault('Type', 'is missing', TYPE_REMEDY);
		return kind === undefined ? undefined : withFormat(parts, kind);
	}
	const kind = fields.choice(name, TYPES);
	return kind === undefined ? undefined : { kind };
}

const TYPE_REMEDY = `Use one of ${Object.keys(TYPES).join(', ')}.`;

function withFormat(fields: Fields, kind: ValueType['kind']): ValueType | undefined {
	const format = fields.string('Format')?.trim() ?? '';
	if (format === '') return { kind };
	if (kind === 'date') return isDateFormat(fields, format) ? { kind, format } : undefined;
	if (kind !== 'number') {
		fields.fault('Format', 'is given, but only numbers and dates have one', 'Remove it.');
		return undefined;
	}
	if (format === NUMBER_FORMATS[0]) return { kind };
	if (isNumberFormat(format)) return { kind, format };
	fields.fault('Format', `is "${format}"`, `Use one of ${NUMBER_FORMATS.join('  ')}.`);
	return undefined;
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

function readFixed(fields: NamedFields | undefined): Rule['fixed'] {
	const entries = (fields?.names() ?? []).flatMap((name) => {
		const value = fields?.scalar(name);
		return value === undefined ? [] : [[name, value] as const];
	});
	return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
