/*
 * Rules without patterns: conditions.ts and fields.ts make .NET patterns of what was chosen; records.ts and key-values.ts
 * read tables, blocks and labels; values.ts puts values into words.
 */
import { escapeText } from './escape';
import type { MailField } from './fields-of-mail';

export type Operator =
	| 'contains'
	| 'containsOneOf'
	| 'doesNotContain'
	| 'equals'
	| 'startsWith'
	| 'endsWith'
	| 'isOneOf'
	| 'matches';

/** A filter without a pattern, or with one where the operator is `matches`. */
export type Condition = {
	readonly field: MailField;
	/** Name of the field where it is a header field. */
	readonly header?: string;
	readonly operator: Operator;
	/** Absent where there are several. */
	readonly value?: string;
	/** Of `isOneOf` and `containsOneOf`. */
	readonly values?: readonly string[];
};

/** The .NET pattern of a condition. */
export interface ConditionPattern {
	readonly source: string;
	/** The condition holds where the pattern is found nowhere. */
	readonly isNegated: boolean;
}

/** Where a text begins and ends: a field, or the domain behind the `@` of an address. */
interface Frame {
	readonly start: string;
	readonly end: string;
}

const LINE: Frame = { start: '^', end: '$' };
/** Blank lines around the text of a mail do not count. */
const TEXT: Frame = { start: '^\\s*', end: '\\s*$' };
const DOMAIN: Frame = { start: '@', end: '$' };

/** A condition -> a .NET pattern. Upper and lower case are the same, unless the user wrote the pattern. */
export function toConditionPattern(condition: Condition): ConditionPattern {
	return toPattern(condition, condition.field === 'body' ? TEXT : LINE);
}

/** As toConditionPattern, for the whole address where the condition is about its domain; undefined for a user's pattern. */
export function toAddressPattern(condition: Condition): ConditionPattern | undefined {
	if (condition.operator === 'matches') return undefined;
	const pattern = toPattern(condition, DOMAIN);
	if (!['contains', 'containsOneOf', 'doesNotContain', 'endsWith'].includes(condition.operator))
		return pattern;
	const { source, isNegated } = pattern;
	return { source: source.replace('(?i)', '(?i)@[^@]*'), isNegated };
}

function toPattern(
	{ operator, value = '', values = [] }: Condition,
	{ start, end }: Frame,
): ConditionPattern {
	const text = escapeText(value);
	const oneOf = `(?:${values.map(escapeText).join('|')})`;
	const sources: Readonly<Record<Operator, string>> = {
		contains: text,
		containsOneOf: oneOf,
		doesNotContain: text,
		equals: `${start}${text}${end}`,
		startsWith: `${start}${text}`,
		endsWith: `${text}${end}`,
		isOneOf: `${start}${oneOf}${end}`,
		matches: value,
	};
	const source = operator === 'matches' ? value : `(?i)${sources[operator]}`;
	return { source, isNegated: operator === 'doesNotContain' };
}

/** A pattern that says by itself what a negated one means, for those who know patterns only. */
export function withoutNegation({ source, isNegated }: ConditionPattern): string {
	return isNegated ? `^(?![\\s\\S]*?(?:${source}))` : source;
}

const WORDS: Readonly<Record<Exclude<Operator, 'matches'>, string>> = {
	contains: 'contains',
	containsOneOf: 'contains one of',
	doesNotContain: 'does not contain',
	equals: 'equals',
	startsWith: 'starts with',
	endsWith: 'ends with',
	isOneOf: 'is one of',
};

/** What a condition asks for: `contains "alert"`; undefined where the pattern says it. */
export function describeCondition({ operator, value, values = [] }: Condition): string | undefined {
	if (operator === 'matches') return undefined;
	const texts = value === undefined ? values : [value];
	return `${WORDS[operator]} ${texts.map((text) => `"${text}"`).join(', ')}`;
}
