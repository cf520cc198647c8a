import { assertNoFaults, IngestError } from '../../errors';
import { isRecord } from '../../is-record';
import { RULE_KEYS } from '../keys/rule-keys';
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

/** What AlertMagic knows of a rule; Ignore Case is written into its patterns. */
export function toIngest({ name, filter, ignoreCase, captures, cleanUp }: Rule): AlertMagicIngest {
	const toPattern = (pattern: string): string => (ignoreCase === true ? `(?i)${pattern}` : pattern);
	const written = {
		From: filter.from,
		Subject: filter.subject,
		Body: filter.body,
	};
	const filters = Object.entries(written).flatMap(([key, pattern]) =>
		pattern === undefined ? [] : [[key, toPattern(pattern)] as const],
	);
	const lists = {
		FromCaptures: captures.from ?? [],
		SubjectCaptures: captures.subject ?? [],
		BodyCaptures: captures.body ?? [],
	};
	const payload = Object.entries(lists).flatMap(([key, patterns]) =>
		patterns.length === 0 ? [] : [[key, patterns.map(toPattern)] as const],
	);
	return {
		Name: name,
		...(filters.length > 0 && { Filter: Object.fromEntries(filters) }),
		...(payload.length > 0 && { Payload: Object.fromEntries(payload) }),
		...(cleanUp.action === 'moveToFolder' && {
			CleanUp: {
				Action: 'MoveToFolder',
				Folder: cleanUp.folder,
				...(cleanUp.deleteAfterDays !== undefined && { DeleteAfterDays: cleanUp.deleteAfterDays }),
			},
		}),
	};
}

/** What of a rule toIngest leaves out. */
export function findGaps(rule: Rule): readonly AlertMagicGap[] {
	return RULE_KEYS.flatMap(({ json, kind, gap, valueOf }) => {
		const value = valueOf(rule);
		if (gap === undefined || value === undefined || gap.matters?.(rule) === false) return [];
		const keys =
			isByHeader(kind.type) && isRecord(value)
				? Object.keys(value).map((name) => `${json}.${name}`)
				: [json];
		const { effect, remedy } = gap;
		return keys.map((key) => ({ rule: rule.name, key, effect, remedy }));
	});
}

const isByHeader = (type: string): boolean => type.endsWith('ByHeader');

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
