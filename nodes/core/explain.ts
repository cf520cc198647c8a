import type { CompiledRule } from './compile-rules';
import { toTexts } from './evaluate';
import type { Texts } from './evaluate';
import { IngestError } from './errors';
import type { MatchableMessage } from './message';
import { textFor } from './regex/pattern';
import type { MatchBudget, Pattern } from './regex/pattern';
import { TEXT_FIELDS } from './rule';
import type { TextField } from './rule';

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

/** What every pattern of a rule found, whether or not the rule was decided before it. */
export interface RuleExplanation {
	readonly rule: string;
	/** True when every filter pattern matched. */
	readonly filtersMatched: boolean;
	readonly patterns: readonly PatternExplanation[];
}

const SHOWN_LENGTH = 200;

/** Tries every pattern of every rule on a message and tells what each found; meant for test runs, not for production. */
export function explainRules(
	rules: readonly CompiledRule[],
	message: MatchableMessage,
	budget: MatchBudget,
): readonly RuleExplanation[] {
	const texts = toTexts(message);
	return rules.map((rule) => {
		const filters = TEXT_FIELDS.flatMap((field) => {
			const pattern = rule.filter[field];
			return pattern === undefined ? [] : [explain('filter', field, pattern, texts, budget)];
		});
		const captures = TEXT_FIELDS.flatMap((field) =>
			rule.captures[field].map((pattern) => explain('capture', field, pattern, texts, budget)),
		);
		return {
			rule: rule.rule.name,
			filtersMatched: filters.every(({ matched }) => matched),
			patterns: [...filters, ...captures],
		};
	});
}

function explain(
	use: PatternExplanation['use'],
	field: TextField,
	pattern: Pattern,
	texts: Texts,
	budget: MatchBudget,
): PatternExplanation {
	const about = { use, field, pattern: pattern.source, engine: pattern.engine };
	const nothing = { ...about, matched: false, text: null, position: null, groups: {} };
	try {
		for (const text of texts[field]) {
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
