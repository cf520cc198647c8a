import type { CompiledRule } from './compile-rules';
import type { MatchableMessage } from './message';
import { capturePayload } from './capture';
import { textFor, toMatchableText } from './regex/pattern';
import type { MatchableText, MatchBudget, Pattern, PatternMatch } from './regex/pattern';
import { TEXT_FIELDS } from './rule';
import type { Payload, Rule, TextField } from './rule';

/** A rule that a message matched, and what its captures gave. */
export interface RuleMatch {
	readonly rule: Rule;
	readonly payload: Payload;
}

/** Why a rule did not match: a filter pattern, or a capture that had to be there. */
export interface RuleRefusal {
	readonly rule: Rule;
	readonly reason:
		| { readonly kind: 'filter'; readonly field: TextField; readonly pattern: string }
		| { readonly kind: 'captureMissing'; readonly group: string };
}

/** What the rules say of a message. */
export interface Evaluation {
	readonly matches: readonly RuleMatch[];
	readonly refusals: readonly RuleRefusal[];
	/** True when the body was not given and a rule could not be decided without it: read it and evaluate again. */
	readonly needsBody: boolean;
}

/** How rules are applied. */
export interface EvaluateOptions {
	/** First match wins (AlertMagic's way), or every rule that matches. */
	readonly which: 'first' | 'all';
	/** Time for all patterns on this message together. */
	readonly budget: MatchBudget;
	/** Lets the event loop run; called when patterns have kept it waiting for a while. */
	readonly pause: () => Promise<void>;
}

/** The texts of a message as patterns want them; From holds one text an address. */
export type Texts = Readonly<Record<TextField, readonly MatchableText[]>>;

/**
 * Applies rules to a message in order; without a body it decides what From and Subject can decide.
 *
 * @throws PatternBudgetError when a pattern could not be decided in time: never a silent "no match"
 */
export async function evaluate(
	rules: readonly CompiledRule[],
	message: MatchableMessage,
	options: EvaluateOptions,
): Promise<Evaluation> {
	const texts = toTexts(message);
	const matches: RuleMatch[] = [];
	const refusals: RuleRefusal[] = [];
	let needsBody = false;
	for (const rule of rules) {
		if (options.budget.shouldYield) await pauseBudget(options);
		const refusedBy = findRefusal(rule, texts, message.body === undefined, options.budget);
		if (refusedBy !== undefined) {
			refusals.push(refusedBy);
			continue;
		}
		if (rule.needsBody && message.body === undefined) {
			needsBody = true;
			// Whether this rule wins is open, so those behind it cannot be decided yet.
			if (options.which === 'first') break;
			continue;
		}
		const outcome = capturePayload(rule, (pattern, field) =>
			firstMatch(pattern, texts[field], options.budget),
		);
		if (outcome.kind === 'missing') {
			refusals.push({ rule: rule.rule, reason: { kind: 'captureMissing', group: outcome.group } });
			continue;
		}
		matches.push({ rule: rule.rule, payload: outcome.payload });
		if (options.which === 'first') break;
	}
	return { matches, refusals, needsBody };
}

async function pauseBudget(options: EvaluateOptions): Promise<void> {
	await options.pause();
	options.budget.yielded();
}

/** Prepares the texts of a message once for all patterns. */
export function toTexts(message: MatchableMessage): Texts {
	return {
		// A message without a sender has an empty one, so that `^$` can match it.
		from: (message.from.length === 0 ? [''] : message.from).map(toMatchableText),
		subject: [toMatchableText(message.subject)],
		body: message.body === undefined ? [] : [toMatchableText(message.body.text)],
	};
}

function findRefusal(
	rule: CompiledRule,
	texts: Texts,
	headOnly: boolean,
	budget: MatchBudget,
): RuleRefusal | undefined {
	for (const field of TEXT_FIELDS) {
		const pattern = rule.filter[field];
		if (pattern === undefined || (field === 'body' && headOnly)) continue;
		if (firstMatch(pattern, texts[field], budget) === undefined) {
			return { rule: rule.rule, reason: { kind: 'filter', field, pattern: pattern.source } };
		}
	}
	return undefined;
}

/** The first match in the first text that has one. */
function firstMatch(
	pattern: Pattern,
	texts: readonly MatchableText[],
	budget: MatchBudget,
): PatternMatch | undefined {
	for (const text of texts) {
		const match = pattern.match(textFor(pattern, text), budget);
		if (match !== undefined) return match;
	}
	return undefined;
}
