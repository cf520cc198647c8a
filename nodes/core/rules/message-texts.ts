import type { MatchableMessage } from '../message/message';
import { textFor, toMatchableText } from '../regex/pattern';
import type { MatchableText, MatchBudget, Pattern, PatternMatch } from '../regex/pattern';
import { headerNameOf } from './text-field';
import type { TextField } from './text-field';

/** The texts of a field as patterns want them: several where each of several may match, such as addresses. */
export type Texts = (field: TextField) => readonly MatchableText[];

/** Prepares the texts of a message for all patterns, each at its first use. */
export function toTexts(message: MatchableMessage): Texts {
	const prepared = new Map<TextField, readonly MatchableText[]>();
	return (field) => {
		const texts = prepared.get(field) ?? readTexts(message, field).map(toMatchableText);
		prepared.set(field, texts);
		return texts;
	};
}

/** The time that patterns have, and what they leave to others. */
export interface MatchPace {
	/** Time for all patterns on one message together. */
	readonly budget: MatchBudget;
	/** Lets the event loop run; called when patterns have kept it waiting for a while. */
	readonly pause: () => Promise<void>;
}

/**
 * The first match in the first text that has one.
 *
 * @throws PatternBudgetError when it could not be decided in time
 */
export async function firstMatch(
	pattern: Pattern,
	texts: readonly MatchableText[],
	{ budget, pause }: MatchPace,
): Promise<PatternMatch | undefined> {
	for (const text of texts) {
		if (budget.shouldYield) {
			await pause();
			budget.yielded();
		}
		const match = pattern.match(textFor(pattern, text), budget);
		if (match !== undefined) return match;
	}
	return undefined;
}

/**
 * Whether a filter lets the texts of its field pass: one of them is enough, unless all are needed.
 *
 * @throws PatternBudgetError when it could not be decided in time
 */
export async function isFilterMatched(
	pattern: Pattern,
	texts: readonly MatchableText[],
	needsAll: boolean,
	pace: MatchPace,
): Promise<boolean> {
	if (!needsAll) return (await firstMatch(pattern, texts, pace)) !== undefined;
	for (const text of texts) {
		if ((await firstMatch(pattern, [text], pace)) === undefined) return false;
	}
	return true;
}

/** So many matches of a pattern in a field count. */
const MAX_MATCHES = 1000;

/**
 * All matches in all texts in order, as .NET's `Regex.Matches` gives them: up to 1,000, and the rest does not count.
 *
 * @throws PatternBudgetError when they could not be decided in time
 */
export async function allMatches(
	pattern: Pattern,
	texts: readonly MatchableText[],
	{ budget, pause }: MatchPace,
): Promise<readonly PatternMatch[]> {
	const matches: PatternMatch[] = [];
	for (const text of texts) {
		let match: PatternMatch | undefined;
		do {
			if (budget.shouldYield) {
				await pause();
				budget.yielded();
			}
			match = pattern.match(textFor(pattern, text), budget, match);
			if (match !== undefined) matches.push(match);
			if (matches.length === MAX_MATCHES) return matches;
		} while (match !== undefined);
	}
	return matches;
}

/** The matches of a capture that count: all, or the first one. */
export async function countingMatches(
	pattern: Pattern,
	texts: readonly MatchableText[],
	which: 'all' | undefined,
	pace: MatchPace,
): Promise<readonly PatternMatch[]> {
	if (which === 'all') return await allMatches(pattern, texts, pace);
	const first = await firstMatch(pattern, texts, pace);
	return first === undefined ? [] : [first];
}

function readTexts(message: MatchableMessage, field: TextField): readonly string[] {
	switch (field) {
		case 'subject':
			return [message.subject];
		case 'body':
			return message.body === undefined ? [] : [message.body.text];
		case 'from':
			return orEmpty(message.from);
		case 'to':
			return orEmpty(message.to);
		case 'cc':
			return orEmpty(message.cc);
		case 'attachmentName':
			return orEmpty(message.attachmentNames);
		default:
			return orEmpty(message.headers?.get(headerNameOf(field) ?? ''));
	}
}

/** A message without a sender has an empty one, so that `^$` can match it; so with all that may be missing. */
function orEmpty(values: readonly string[] | undefined): readonly string[] {
	return values === undefined || values.length === 0 ? [''] : values;
}
