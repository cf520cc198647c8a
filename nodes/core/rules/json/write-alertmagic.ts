import { assertNoFaults, IngestError } from '../../errors';
import { isRecord } from '../../is-record';
import { FILTER_GAP } from '../keys/filter-keys';
import { CAPTURE_GAP } from '../keys/payload-keys';
import type { Gap } from '../keys/rule-key';
import { RULE_KEYS } from '../keys/rule-keys';
import { allConditions, allFields } from '../plain/all-conditions';
import { toAddressPattern, toConditionPattern, withoutNegation } from '../plain/conditions';
import type { Condition } from '../plain/conditions';
import { toFieldPattern } from '../plain/fields';
import type { CapturedField } from '../plain/fields';
import type { MailField } from '../plain/fields-of-mail';
import type { Rule } from '../rule';

/** A rule as AlertMagic's guide writes it, without destination. */
export interface AlertMagicIngest {
	readonly Name: string;
	readonly Filter?: Readonly<Partial<Record<'From' | 'Subject' | 'Body', string>>>;
	readonly Payload?: Readonly<
		Partial<Record<'FromCaptures' | 'SubjectCaptures' | 'BodyCaptures', readonly string[]>>
	>;
	readonly CleanUp?: {
		readonly Action: 'MoveToFolder';
		readonly Folder: string;
		readonly DeleteAfterDays?: number;
	};
}

/** Something of a rule that AlertMagic's guide does not know. */
export interface AlertMagicGap {
	readonly rule: string;
	/** Key of the JSON rule, e.g. `Filter.To`. */
	readonly key: string;
	/** What follows when it is left out, as in "is left out: ...". */
	readonly effect: string;
	readonly remedy: string;
}

/** What AlertMagic knows of a rule: plain words become patterns, and Ignore Case is written into those that are there. */
export function toIngest(rule: Rule): AlertMagicIngest {
	const { name, cleanUp } = rule;
	const filter = toFilters(rule);
	const payload = toCaptures(rule);
	return {
		Name: name,
		...(Object.keys(filter).length > 0 && { Filter: filter }),
		...(Object.keys(payload).length > 0 && { Payload: payload }),
		...(cleanUp.action === 'moveToFolder' && {
			CleanUp: {
				Action: 'MoveToFolder',
				Folder: cleanUp.folder,
				...(cleanUp.deleteAfterDays !== undefined && { DeleteAfterDays: cleanUp.deleteAfterDays }),
			},
		}),
	};
}

/** The fields that AlertMagic knows, in its order. */
const FIELDS = ['From', 'Subject', 'Body'] as const;
type Field = (typeof FIELDS)[number];

interface Exported {
	readonly field: Field;
	readonly pattern: string;
}

function toFilters(rule: Rule): NonNullable<AlertMagicIngest['Filter']> {
	const exported = allConditions(rule).flatMap(
		(condition) => exportCondition(rule, condition) ?? [],
	);
	const join = rule.match === 'any' ? joinAny : joinAll;
	return byField(exported, join);
}

function toCaptures(rule: Rule): NonNullable<AlertMagicIngest['Payload']> {
	const exported = allFields(rule).flatMap((captured) => exportField(rule, captured) ?? []);
	const lists = byField(exported, (patterns) => patterns);
	return Object.fromEntries(
		Object.entries(lists).map(([field, list]) => [`${field}Captures`, list] as const),
	);
}

function byField<Value>(
	exported: readonly Exported[],
	join: (patterns: readonly string[]) => Value,
): Partial<Record<Field, Value>> {
	return Object.fromEntries(
		FIELDS.flatMap((field) => {
			const patterns = exported.filter((one) => one.field === field).map(({ pattern }) => pattern);
			return patterns.length === 0 ? [] : [[field, join(patterns)] as const];
		}),
	);
}

const joinAny = (patterns: readonly string[]): string =>
	join(patterns, (all) => all.map((pattern) => `(?:${pattern})`).join('|'));

const joinAll = (patterns: readonly string[]): string =>
	join(patterns, (all) => `^${all.map((pattern) => `(?=[\\s\\S]*?(?:${pattern}))`).join('')}`);

function join(patterns: readonly string[], many: (all: readonly string[]) => string): string {
	const [first = '', second] = patterns;
	return second === undefined ? first : many(patterns);
}

/** A condition as AlertMagic can have it, or undefined. */
function exportCondition(rule: Rule, condition: Condition): Exported | undefined {
	const { field, operator } = condition;
	if (field === 'senderDomain') {
		const pattern = toAddressPattern(condition);
		return pattern === undefined ? undefined : { field: 'From', pattern: withoutNegation(pattern) };
	}
	const known = toKnownField(field);
	if (known === undefined) return undefined;
	const pattern = withoutNegation(toConditionPattern(condition));
	return { field: known, pattern: operator === 'matches' ? withCase(rule, pattern) : pattern };
}

/** A captured field as AlertMagic can have it, or undefined. */
function exportField(rule: Rule, captured: CapturedField): Exported | undefined {
	const { field, how, name = '' } = captured;
	if (field === 'senderDomain' && how === 'wholeField') {
		return { field: 'From', pattern: `@(?<${name}>[^@]+)$` };
	}
	const known = toKnownField(field);
	if (known === undefined) return undefined;
	const pattern = toFieldPattern(captured);
	return { field: known, pattern: how === 'pattern' ? withCase(rule, pattern) : pattern };
}

function toKnownField(field: MailField): Field | undefined {
	return FIELDS.find((known) => known.toLowerCase() === field);
}

function withCase({ ignoreCase }: Rule, pattern: string): string {
	return ignoreCase === true ? `(?i)${pattern}` : pattern;
}

/** What of a rule toIngest leaves out. */
export function findGaps(rule: Rule): readonly AlertMagicGap[] {
	const own = RULE_KEYS.flatMap(({ json, kind, gap, valueOf }) => {
		const value = valueOf(rule);
		if (gap === undefined || value === undefined || !gap.matters(rule)) return [];
		const keys =
			isByHeader(kind.type) && isRecord(value)
				? Object.keys(value).map((name) => `${json}.${name}`)
				: [json];
		const { effect, remedy } = gap;
		return keys.map((key) => ({ rule: rule.name, key, effect, remedy }));
	});
	return [...own, ...rowGaps(rule)];
}

const isByHeader = (type: string): boolean => type.endsWith('ByHeader');

/** Conditions and captured fields that are about what AlertMagic does not look at. */
function rowGaps(rule: Rule): readonly AlertMagicGap[] {
	const { name, conditions = [], fields = [] } = rule;
	const toGaps = (
		key: string,
		exported: ReadonlyArray<Exported | undefined>,
		about: Pick<Gap, 'effect' | 'remedy'>,
	): readonly AlertMagicGap[] =>
		exported.flatMap((one, index) =>
			one === undefined ? [{ rule: name, key: `${key}[${String(index)}]`, ...about }] : [],
		);
	return [
		...toGaps(
			'Filter.Conditions',
			conditions.map((condition) => exportCondition(rule, condition)),
			FILTER_GAP,
		),
		...toGaps(
			'Payload.Fields',
			fields.map((captured) => exportField(rule, captured)),
			CAPTURE_GAP,
		),
	];
}

/**
 * Makes sure that AlertMagic can do what the rules say.
 *
 * @param wayOut what else the user can do, as a sentence
 * @throws ConfigurationError naming each rule and key
 */
export function assertNoGaps(gaps: readonly AlertMagicGap[], wayOut: string): void {
	assertNoFaults(
		gaps.map(
			({ rule, key, remedy }, index) =>
				new IngestError('configuration', `Rule "${rule}" has ${key}, which AlertMagic lacks.`, {
					field: key,
					remedy: index === gaps.length - 1 ? `${remedy} ${wayOut}` : remedy,
				}),
		),
	);
}

/** A gap that was accepted -> what became of it. */
export function describeGap({ rule, key, effect }: AlertMagicGap): string {
	return `Rule "${rule}": ${key} is left out, so ${effect}.`;
}
