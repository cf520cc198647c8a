import { typeOf } from './capture';
import type { CompiledRule, FieldPattern } from './compile-rules';
import { toTexts } from './message-texts';
import type { Texts } from './message-texts';
import { IngestError } from './errors';
import type { MatchableMessage } from './message';
import { textFor } from './regex/pattern';
import type { MatchBudget, Pattern } from './regex/pattern';
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
	/** The text that was matched, cut to a readable length; the reason where it could not be decided. */
	readonly text: string | null;
	/** Where the match begins, counted from 0 in UTF-16 units; null without one. */
	readonly position: number | null;
	/** Named groups that took part. */
	readonly groups: Readonly<Record<string, string>>;
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
export function explainRules(
	rules: readonly CompiledRule[],
	message: MatchableMessage,
	budget: MatchBudget,
): readonly RuleExplanation[] {
	const texts = toTexts(message);
	return rules.map(({ rule, filter, captures }) => {
		const filters = filter.map((part) => explain('filter', part, texts, budget));
		const captured = captures.map((part) => explain('capture', part, texts, budget));
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
	});
}

function explainValues(
	rule: CompiledRule['rule'],
	groups: PatternExplanation['groups'],
): readonly ValueExplanation[] {
	return Object.entries(groups)
		.map(([name, text]) => ({ name, text, type: typeOf(rule, name) }))
		.filter(({ type }) => type.kind !== 'text')
		.map(({ name, text, type }) => ({
			name,
			type: type.kind,
			text: cut(text),
			value: convertText(text, type) ?? null,
		}));
}

function explain(
	use: PatternExplanation['use'],
	{ field, pattern }: FieldPattern,
	texts: Texts,
	budget: MatchBudget,
): PatternExplanation {
	const about = { use, field, pattern: pattern.source, engine: pattern.engine };
	const nothing = { ...about, matched: false, text: null, position: null, groups: {} };
	try {
		for (const text of texts(field)) {
			const match = pattern.match(textFor(pattern, text), budget);
			if (match === undefined) continue;
			const named = [...match.groups].filter(([name]) => pattern.groupNames.includes(name));
			return {
				...about,
				matched: true,
				text: cut(match.value),
				position: match.index,
				groups: Object.fromEntries(named),
			};
		}
		return nothing;
	} catch (error) {
		if (!(error instanceof IngestError)) throw error;
		return { ...nothing, text: error.message };
	}
}

function cut(text: string): string {
	return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
