import { textsOf, typeOf } from './capture';
import type { CompiledRule, FieldPattern } from './compile-rules';
import { countingMatches, toTexts } from './message-texts';
import type { MatchPace, Texts } from './message-texts';
import { IngestError } from '../errors';
import type { MatchableMessage } from '../message/message';
import type { MatchableText, Pattern, PatternMatch } from '../regex/pattern';
import type { Rule } from './rule';
import type { TextField } from './text-field';
import { convertText } from './typed-value';
import type { PayloadValue, ValueType } from './typed-value';

/** What one pattern found in a message, for people who work on it. */
export interface PatternExplanation {
	readonly use: 'filter' | 'capture';
	readonly field: TextField;
	readonly pattern: string;
	/** `timeLimited` patterns (look-around, back-references) run under a time limit. */
	readonly engine: Pattern['engine'];
	readonly matched: boolean;
	/** The text that was matched, cut to a readable length. */
	readonly text: string | null;
	/** Why there is no match: the text it was looked for in, or that it could not be decided. */
	readonly reason: string | null;
	/** Where the match begins, counted from 0 in UTF-16 units; null without one. */
	readonly position: number | null;
	/** Named groups that took part; with a list where the rule captures all matches. */
	readonly groups: Readonly<Record<string, string | readonly string[]>>;
}

/** What became of a captured text that has a type. */
export interface ValueExplanation {
	readonly name: string;
	readonly type: ValueType['kind'];
	readonly text: string;
	/** Null when the text is not of the type; then it counts as missing. */
	readonly value: PayloadValue | null;
}

/** What every pattern of a rule found, whether or not the rule was decided before it. */
export interface RuleExplanation {
	readonly rule: string;
	/** True when the filter lets the message through: every pattern matched or, where one is enough, any. */
	readonly filtersMatched: boolean;
	readonly patterns: readonly PatternExplanation[];
	/** Captured texts that have a type, in the order of their patterns; absent where there is none. */
	readonly values?: readonly ValueExplanation[];
	readonly fixed?: Readonly<Record<string, PayloadValue>>;
}

const SHOWN_LENGTH = 200;

/** Tries every pattern of every rule on a message and tells what each found; meant for test runs, not for production. */
export async function explainRules(
	rules: readonly CompiledRule[],
	message: MatchableMessage,
	pace: MatchPace,
): Promise<readonly RuleExplanation[]> {
	const texts = toTexts(message);
	const explained: RuleExplanation[] = [];
	for (const rule of rules) explained.push(await explainRule(rule, texts, pace));
	return explained;
}

async function explainRule(
	{ rule, filter, captures }: CompiledRule,
	texts: Texts,
	pace: MatchPace,
): Promise<RuleExplanation> {
	const filters: PatternExplanation[] = [];
	for (const part of filter) filters.push(await explain('filter', part, undefined, texts, pace));
	const captured: PatternExplanation[] = [];
	for (const part of captures) {
		captured.push(await explain('capture', part, rule.matches, texts, pace));
	}
	const values = captured.flatMap(({ groups }) => explainValues(rule, groups));
	const isAny = rule.match === 'any' && filters.length > 0;
	return {
		rule: rule.name,
		filtersMatched: isAny
			? filters.some(({ matched }) => matched)
			: filters.every(({ matched }) => matched),
		patterns: [...filters, ...captured],
		...(values.length > 0 && { values }),
		...(rule.fixed !== undefined && { fixed: rule.fixed }),
	};
}

function explainValues(
	rule: CompiledRule['rule'],
	groups: PatternExplanation['groups'],
): readonly ValueExplanation[] {
	return Object.entries(groups)
		.flatMap(([name, texts]) =>
			[texts].flat().map((text) => ({ name, text, type: typeOf(rule, name) })),
		)
		.filter(({ type }) => type.kind !== 'text')
		.map(({ name, text, type }) => ({
			name,
			type: type.kind,
			text: cut(text),
			value: convertText(text, type) ?? null,
		}));
}

async function explain(
	use: PatternExplanation['use'],
	{ field, pattern }: FieldPattern,
	which: Rule['matches'],
	texts: Texts,
	pace: MatchPace,
): Promise<PatternExplanation> {
	const about = { use, field, pattern: pattern.source, engine: pattern.engine };
	const nothing = { ...about, matched: false, text: null, position: null, groups: {} };
	try {
		const matches = await countingMatches(pattern, texts(field), which, pace);
		const [match] = matches;
		if (match === undefined) return { ...nothing, reason: describeAbsence(texts(field)) };
		return {
			...about,
			matched: true,
			text: cut(match.value),
			reason: null,
			position: match.index,
			groups: toGroups(matches, pattern.groupNames, which),
		};
	} catch (error) {
		if (!(error instanceof IngestError)) throw error;
		return { ...nothing, reason: error.message };
	}
}

function toGroups(
	matches: readonly PatternMatch[],
	names: readonly string[],
	which: Rule['matches'],
): PatternExplanation['groups'] {
	return Object.fromEntries(
		names.flatMap((name) => {
			const texts = textsOf(matches, name);
			const [first] = texts;
			return first === undefined ? [] : [[name, which === 'all' ? texts : first] as const];
		}),
	);
}

function describeAbsence(texts: readonly MatchableText[]): string {
	if (texts.length === 0) return 'The message was looked at without its body.';
	const shown = texts.map(({ normalised }) => JSON.stringify(cut(normalised)));
	return `Not found in ${shown.join(' or ')}.`;
}

function cut(text: string): string {
	return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
