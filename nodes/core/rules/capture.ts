import type { CompiledRecords, CompiledRule } from './compile-rule';
import type { MatchBudget, PatternMatch } from '../regex/pattern';
import { allMatches, countingMatches } from './message-texts';
import type { Paced, Texts } from './message-texts';
import { readKeyValues } from './plain/key-values';
import { readBlocks, readTable } from './plain/records';
import type { TextRecord } from './plain/records';
import { fillText, mapText } from './plain/values';
import type { Payload, PayloadRecord, Rule } from './rule';
import { convertText } from './typed-value';
import type { PayloadValue, ValueType } from './typed-value';

/** A value that the rule asks for and the message does not have: nothing was captured, or not what the type says. */
export type CaptureRefusal =
	| { readonly kind: 'captureMissing'; readonly group: string }
	| {
			readonly kind: 'notOfType';
			readonly group: string;
			readonly type: ValueType['kind'];
			readonly text: string;
	  };

/** The payload, or why there is none. */
export type CaptureOutcome =
	{ readonly kind: 'captured'; readonly payload: Payload } | CaptureRefusal;

/** A value that the rule refuses to do without. */
class MissingValue extends Error {
	constructor(readonly refusal: CaptureRefusal) {
		super(refusal.kind);
	}
}

/**
 * Runs the captures of a rule in the order of their fields; where a name is captured twice, the later capture wins. Texts
 * become values: first replaced, then of their type, then the default where there is none.
 */
export function* capturePayload(
	compiled: CompiledRule,
	texts: Texts,
	budget: MatchBudget,
): Paced<CaptureOutcome> {
	const { rule } = compiled;
	try {
		const entries: Array<readonly [string, Payload[string]]> = [];
		for (const [name, captured] of yield* captureTexts(compiled, texts, budget)) {
			const value = toValue(rule, name, captured, budget);
			if (value !== undefined) entries.push([name, value]);
		}
		for (const list of compiled.records) {
			const records = yield* readRecords(rule, list, texts, budget);
			if (records !== undefined) entries.push([list.source.name, records]);
		}
		return { kind: 'captured', payload: addTexts(rule, new Map(entries)) };
	} catch (error) {
		if (error instanceof MissingValue) return error.refusal;
		throw error;
	}
}

/** What was captured by a name: a text for each match that counts, undefined for one in which it took no part. */
type Captured = ReadonlyArray<string | undefined>;

function* captureTexts(
	{ rule, captures }: CompiledRule,
	texts: Texts,
	budget: MatchBudget,
): Paced<ReadonlyMap<string, Captured>> {
	// A Map, because group names come from users: "__proto__" is as good as any other.
	const captured = new Map<string, Captured>();
	for (const { pattern, field } of captures) {
		const matches = yield* countingMatches(pattern, texts(field), rule.matches, budget);
		// Values of several names belong together by match, so that each has its place in every list.
		const isAligned = pattern.groupNames.length > 1;
		for (const name of pattern.groupNames) {
			const found = textsOf(matches, name);
			const list = isAligned ? matches.map(({ groups }) => groups.get(name)) : found;
			captured.set(name, found.length > 0 ? list : (captured.get(name) ?? []));
		}
	}
	if (rule.keyValueLines !== true) return captured;
	const [body] = texts('cells');
	const lines = [...readKeyValues(body?.normalised ?? '')].filter(([key]) => !captured.has(key));
	return new Map([...captured, ...lines.map(([key, value]) => [key, [value]] as const)]);
}

/** What a group captured, match by match; those in which it took no part are left out. */
export function textsOf(matches: readonly PatternMatch[], name: string): readonly string[] {
	return matches.flatMap(({ groups }) => groups.get(name) ?? []);
}

function toValue(
	rule: Rule,
	name: string,
	captured: Captured,
	budget: MatchBudget,
): Payload[string] | undefined {
	const isList = rule.matches === 'all' && captured.length > 0;
	const isAligned = isList && captured.includes(undefined);
	const values: Array<PayloadValue | null> = [];
	// What was not captured at all is missing once.
	for (const text of captured.length === 0 ? [undefined] : captured) {
		const value = toOneValue(rule, name, text, budget);
		if (value !== undefined) values.push(value);
		else if (isAligned) values.push(null);
	}
	const [first] = values;
	if (isList) return first === undefined ? undefined : values;
	return first ?? undefined;
}

/** A text as its value, or what stands for one that is missing. */
function toOneValue(
	rule: Rule,
	name: string,
	text: string | undefined,
	budget: MatchBudget,
): PayloadValue | undefined {
	const type = typeOf(rule, name);
	const shown = text === undefined ? undefined : mapText(rule.maps ?? [], name, text);
	const value = convertWithin(budget, shown, type) ?? own(rule.defaults, name);
	if (value !== undefined || rule.whenMissing === 'leaveOut') return value;
	if (rule.whenMissing === 'emptyString') return '';
	throw new MissingValue(
		shown === undefined
			? { kind: 'captureMissing', group: name }
			: { kind: 'notOfType', group: name, type: type.kind, text: shown },
	);
}

/** Conversions take from the budget that the patterns of the message have: a step a character. */
function convertWithin(
	budget: MatchBudget,
	text: string | undefined,
	type: ValueType,
): PayloadValue | undefined {
	if (text === undefined || type.kind === 'text') return text;
	budget.admit(type.kind, text);
	budget.spend(text.length);
	return convertText(text, type);
}

/** The type of a captured value: text unless the rule gives it another. */
export function typeOf({ types }: Rule, name: string): ValueType {
	return own(types, name) ?? { kind: 'text' };
}

function own<Value>(
	values: Readonly<Record<string, Value>> | undefined,
	name: string,
): Value | undefined {
	return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}

function* readRecords(
	rule: Rule,
	{ source, pattern }: CompiledRecords,
	texts: Texts,
	budget: MatchBudget,
): Paced<readonly PayloadRecord[] | undefined> {
	const [body] = texts('cells');
	const text = body?.normalised ?? '';
	const found =
		pattern !== undefined
			? (yield* allMatches(pattern, texts('body'), budget)).map((match) =>
					toTextRecord(match, pattern.groupNames),
				)
			: source.how === 'table'
				? readTable(text, source.column)
				: readBlocks(text);
	if (found.length === 0 && rule.whenMissing === 'refuse') {
		throw new MissingValue({ kind: 'captureMissing', group: source.name });
	}
	if (found.length === 0 && rule.whenMissing === 'leaveOut') return undefined;
	return found.map((record) => toRecord(rule, record, budget));
}

function toTextRecord({ groups }: PatternMatch, names: readonly string[]): TextRecord {
	return Object.fromEntries(
		names.flatMap((name) => {
			const text = groups.get(name);
			return text === undefined ? [] : [[name, text] as const];
		}),
	);
}

function toRecord(rule: Rule, record: TextRecord, budget: MatchBudget): PayloadRecord {
	return Object.fromEntries(
		Object.entries(record).flatMap(([name, text]) => {
			const value = toOneValue(rule, name, text, budget);
			return value === undefined ? [] : [[name, value] as const];
		}),
	);
}

/** Fixed values and texts made of all others. */
function addTexts(
	{ fixed = {}, texts = {} }: Rule,
	values: ReadonlyMap<string, Payload[string]>,
): Payload {
	const known = new Map([...values, ...Object.entries(fixed)]);
	const made = Object.entries(texts).map(
		([name, text]) => [name, fillText(String(text), (hole) => toShown(known.get(hole)))] as const,
	);
	return Object.fromEntries([...values, ...made, ...Object.entries(fixed)]);
}

/** A value within a text; of a list its values, divided by commas. */
function toShown(value: Payload[string] | undefined): PayloadValue | undefined {
	if (typeof value !== 'object') return value;
	return value.filter((entry) => typeof entry !== 'object').join(', ');
}
