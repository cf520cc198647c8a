import type { FieldPattern } from './compile-rule';
import type { HeaderValues, MatchableMessage, TextFrom } from '../message/message';
import type { Rule } from './rule';
import { textFor, toMatchableText } from '../regex/pattern';
import type { MatchableText, MatchBudget, Pattern, PatternMatch } from '../regex/pattern';
import { headerNameOf, isOfBody } from './text-field';
import type { NamedField, TextField } from './text-field';

/** The texts of a field as patterns want them: several where each of several may match, such as addresses. */
export type Texts = (field: TextField) => readonly MatchableText[];

function toTexts(message: MatchableMessage): Texts {
	const prepared = new Map<TextField, readonly MatchableText[]>();
	return (field) => {
		const texts = prepared.get(field) ?? toOptions(message, field).map(toMatchableText);
		prepared.set(field, texts);
		return texts;
	};
}

/** The bodies that rules ask for; the plain one where there are no rules. */
export function textsOf(
	rules: ReadonlyArray<{ readonly rule: Pick<Rule, 'textFrom'> }>,
): readonly TextFrom[] {
	const texts = new Set<TextFrom>(rules.map(({ rule: { textFrom } }) => textFrom ?? 'plain'));
	return texts.size === 0 ? ['plain'] : [...texts];
}

/** A message with the body that a rule asks for. */
export function asSeenBy(
	{ textFrom }: Pick<Rule, 'textFrom'>,
	message: MatchableMessage,
): MatchableMessage {
	return textFrom === 'html' ? { ...message, body: message.bodyOfHtml } : message;
}

/** Prepares the texts of a message for every rule, each at its first use. */
export function toTextsByRule(message: MatchableMessage): (rule: Rule) => Texts {
	const known = new Map<Rule['textFrom'], Texts>();
	return (rule) => {
		const texts = known.get(rule.textFrom) ?? toTexts(asSeenBy(rule, message));
		known.set(rule.textFrom, texts);
		return texts;
	};
}

/** What patterns may cost, and what they leave to others. */
export interface MatchPace {
	/** Steps for all patterns on one message together. */
	readonly budget: MatchBudget;
	/** Lets the event loop run; called when patterns have kept it waiting for a while. */
	readonly pause: () => Promise<void>;
}

/** Work with patterns that stops wherever the event loop has to run; see {@link atPace}. */
export type Paced<Result> = Generator<undefined, Result, undefined>;

/** Does such work. Most of it never stops, and promises all the way down would cost more than the patterns do. */
export async function atPace<Result>(
	work: Paced<Result>,
	pause: MatchPace['pause'],
): Promise<Result> {
	for (;;) {
		const step = work.next();
		if (step.done === true) return step.value;
		await pause();
	}
}

/** The first match in a text, or the one behind another. */
function* nextMatch(
	pattern: Pattern,
	text: MatchableText,
	budget: MatchBudget,
	after?: PatternMatch,
): Paced<PatternMatch | undefined> {
	const search = pattern.search(textFor(pattern, text), budget, after);
	for (;;) {
		if (budget.shouldYield) {
			yield;
			budget.yielded();
		}
		if (!search.paused) return search.match;
		search.proceed();
	}
}

/**
 * The first match in the first text that has one.
 *
 * @throws PatternBudgetError when it could not be decided within the budget
 */
export function* firstMatch(
	pattern: Pattern,
	texts: readonly MatchableText[],
	budget: MatchBudget,
): Paced<PatternMatch | undefined> {
	for (const text of texts) {
		const match = yield* nextMatch(pattern, text, budget);
		if (match !== undefined) return match;
	}
	return undefined;
}

/**
 * Whether a filter lets the texts of its field pass: one of them is enough, unless it is not certain who the sender is,
 * since a forger adds one to the genuine one. What must not be there must be in none.
 *
 * @throws PatternBudgetError when it could not be decided within the budget
 */
export function* isFilterMatched(
	{ field, pattern, isNegated }: FieldPattern,
	texts: readonly MatchableText[],
	ambiguousSender: boolean,
	budget: MatchBudget,
): Paced<boolean> {
	if (isNegated === true) return (yield* firstMatch(pattern, texts, budget)) === undefined;
	const needsAll = ambiguousSender && (field === 'from' || field === 'senderDomain');
	if (!needsAll) return (yield* firstMatch(pattern, texts, budget)) !== undefined;
	for (const text of texts) {
		if ((yield* firstMatch(pattern, [text], budget)) === undefined) return false;
	}
	return true;
}

/** So many matches of a pattern in a field count. */
const MAX_MATCHES = 1000;

/**
 * All matches in all texts in order, as .NET's `Regex.Matches` gives them: up to 1,000, and the rest does not count.
 *
 * @throws PatternBudgetError when they could not be decided within the budget
 */
export function* allMatches(
	pattern: Pattern,
	texts: readonly MatchableText[],
	budget: MatchBudget,
): Paced<readonly PatternMatch[]> {
	const matches: PatternMatch[] = [];
	for (const text of texts) {
		let match: PatternMatch | undefined;
		do {
			match = yield* nextMatch(pattern, text, budget, match);
			if (match !== undefined) matches.push(match);
			if (matches.length === MAX_MATCHES) return matches;
		} while (match !== undefined);
	}
	return matches;
}

/** The matches of a capture that count: all, or the first one. */
export function* countingMatches(
	pattern: Pattern,
	texts: readonly MatchableText[],
	which: 'all' | undefined,
	budget: MatchBudget,
): Paced<readonly PatternMatch[]> {
	if (which === 'all') return yield* allMatches(pattern, texts, budget);
	const first = yield* firstMatch(pattern, texts, budget);
	return first === undefined ? [] : [first];
}

/** A message without a sender has an empty one, so that `^$` can match it; so with all but the body that may be missing. */
function toOptions(message: MatchableMessage, field: TextField): readonly string[] {
	const values = valuesOf(message, field) ?? [];
	return values.length === 0 && !isOfBody(field) ? [''] : values;
}

/** The texts of a field as the message has them, or undefined where it is not known which it has. */
export function valuesOf(
	message: MatchableMessage,
	field: TextField,
): readonly string[] | undefined {
	const read = isKnownField(field) ? READERS[field] : undefined;
	return read === undefined ? message.headers && readHeader(message.headers, field) : read(message);
}

type Reader = (message: MatchableMessage) => readonly string[] | undefined;

const READERS: Readonly<Record<NamedField, Reader>> = {
	subject: ({ subject }) => [subject],
	body: ({ body }) => body && [body.text],
	cells: ({ body }) => body && [body.cells ?? body.text],
	from: ({ from }) => from,
	senderDomain: ({ from }) => from.map(toDomain),
	to: ({ to }) => to,
	cc: ({ cc }) => cc,
	attachmentName: ({ attachmentNames }) => attachmentNames,
};

function isKnownField(field: TextField): field is NamedField {
	return Object.hasOwn(READERS, field);
}

function readHeader(headers: HeaderValues, field: TextField): readonly string[] {
	return headers.get(headerNameOf(field) ?? '') ?? [];
}

function toDomain(address: string): string {
	return address.slice(address.lastIndexOf('@') + 1);
}
