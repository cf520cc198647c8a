import { missingInKey, toAlert } from './alert';
import { capturePayload, textsOf, typeOf } from './capture';
import type { CompiledRule, FieldPattern } from './compile-rule';
import { vouchesFor } from './evaluate';
import { atPace, countingMatches, isFilterMatched, toTextsByRule } from './message-texts';
import type { MatchPace, Paced, Texts } from './message-texts';
import { IngestError } from '../errors';
import type { MatchableMessage } from '../message/message';
import { compilePattern } from '../regex/pattern';
import type { MatchBudget, Pattern, PatternMatch } from '../regex/pattern';
import type { Rule } from './rule';
import { fieldLabel, isOfBody } from './text-field';
import { convertText } from './typed-value';

const NOT_ALL = 'it is not certain who the sender is, and not every address in question matches';
const SHOWN_LENGTH = 200;
/** Beyond this, people look at one rule at a time. */
const MOST_LINES = 60;

/** What every pattern found in a message. */
export interface Explanation {
	/** A line for each pattern: `Rule "Disk", Subject filter ^alert: matched "alert" at 0`. */
	readonly lines: readonly string[];
	/** Those of the lines that tell why a rule does not take the message. */
	readonly refusals: readonly string[];
}

interface Line {
	readonly text: string;
	readonly refuses: boolean;
}

/**
 * Tells what every pattern of every rule found in a message, whether or not its rule was decided before it; meant for
 * test runs. Positions are counted from 0 in UTF-16 units.
 */
export async function explainRules(
	rules: readonly CompiledRule[],
	message: MatchableMessage,
	{ budget, pause }: MatchPace,
): Promise<Explanation> {
	return await atPace(explainAll(rules, message, budget), pause);
}

function* explainAll(
	rules: readonly CompiledRule[],
	message: MatchableMessage,
	budget: MatchBudget,
): Paced<Explanation> {
	const textsFor = toTextsByRule(message);
	const lines: Line[] = [];
	for (const rule of rules) {
		if (lines.length >= MOST_LINES) break;
		const texts = textsFor(rule.rule);
		lines.push(...explainAuthentication(rule, message));
		lines.push(...(yield* explainRule(rule, texts, message.ambiguousSender === true, budget)));
	}
	const shown = lines.slice(0, MOST_LINES).map(({ text }) => text);
	return {
		lines: lines.length > MOST_LINES ? [...shown, 'More is not shown.'] : shown,
		refusals: lines.flatMap(({ text, refuses }) => (refuses ? [text] : [])),
	};
}

function explainAuthentication({ rule }: CompiledRule, message: MatchableMessage): readonly Line[] {
	if (rule.authenticated === undefined) return [];
	const passes = vouchesFor(message, rule);
	const words = passes ? 'passed' : 'not passed';
	return [{ text: `Rule "${rule.name}", Sender Authentication: ${words}`, refuses: !passes }];
}

function* explainRule(
	compiled: CompiledRule,
	texts: Texts,
	ambiguousSender: boolean,
	budget: MatchBudget,
): Paced<readonly Line[]> {
	const { rule, filter, captures } = compiled;
	const filters: Line[] = [];
	for (const part of filter) {
		const found = yield* explainFilter(part, texts, budget);
		const isRefused =
			found.matched &&
			ambiguousSender &&
			rule.anySender !== true &&
			!(yield* isFilterMatched(part, texts(part.field), true, budget));
		const words = isRefused ? { words: NOT_ALL, matched: false } : found;
		filters.push(toLine(part, 'filter', words));
	}
	const isAnyEnough = rule.match === 'any' && filters.some(({ refuses }) => !refuses);
	const lines = filters.map((line) => (isAnyEnough ? { ...line, refuses: false } : line));
	for (const part of captures) {
		const line = toLine(part, 'capture', yield* explainCapture(part, rule, texts, budget));
		lines.push({ ...line, refuses: line.refuses && rule.whenMissing === 'refuse' });
	}
	const more = [...explainFixed(rule), ...(yield* explainAlert(compiled, texts, budget))];
	lines.push(...more.map((text) => ({ text, refuses: false })));
	if (lines.length === 0) lines.push({ text: 'no filter: takes every message', refuses: false });
	return lines.map(({ text, refuses }) => ({ text: `Rule "${rule.name}", ${text}`, refuses }));
}

/** What a pattern found, in words. */
interface Found {
	readonly words: string;
	readonly matched: boolean;
}

function toLine(part: FieldPattern, use: string, { words, matched }: Found): Line {
	return { text: `${nameOf(part, use)}: ${words}`, refuses: !matched };
}

function nameOf({ field, pattern, words }: FieldPattern, use: string): string {
	const what = words === undefined ? cut(pattern.source) : `${words}, as ${cut(pattern.source)}`;
	return `${fieldLabel(field)} ${use} ${what}`;
}

function* explainFilter(part: FieldPattern, texts: Texts, budget: MatchBudget): Paced<Found> {
	const found = yield* find(part, undefined, texts, budget);
	if (typeof found === 'string') return { words: found, matched: false };
	const [first] = found;
	const isAllowed = part.isNegated !== true;
	if (first !== undefined) {
		const where = `${quote(first.value)} at ${String(first.index)}`;
		return { words: `${isAllowed ? 'matched' : 'found'} ${where}`, matched: isAllowed };
	}
	return isAllowed
		? yield* explainAbsence(part, texts, budget)
		: { words: 'is not there', matched: true };
}

function* explainCapture(
	part: FieldPattern,
	rule: Rule,
	texts: Texts,
	budget: MatchBudget,
): Paced<Found> {
	const found = yield* find(part, rule.matches, texts, budget);
	if (typeof found === 'string') return { words: found, matched: false };
	if (found.length === 0) return yield* explainAbsence(part, texts, budget);
	const values = part.pattern.groupNames.map((name) => {
		const captured = textsOf(found, name).map((text) => explainValue(rule, name, text));
		return captured.length === 0 ? `${name} captured nothing` : `${name} = ${captured.join(', ')}`;
	});
	const matched = part.pattern.groupNames.every((name) =>
		textsOf(found, name).some((text) => convertText(text, typeOf(rule, name)) !== undefined),
	);
	return { words: values.join('; '), matched };
}

function explainFixed({ fixed = {} }: Rule): readonly string[] {
	return Object.entries(fixed).map(
		([name, value]) => `fixed value ${name}: ${JSON.stringify(value)}`,
	);
}

function* explainAlert(
	compiled: CompiledRule,
	texts: Texts,
	budget: MatchBudget,
): Paced<readonly string[]> {
	const { rule } = compiled;
	if (rule.alertKey === undefined) return [];
	try {
		const outcome = yield* capturePayload(compiled, texts, budget);
		// What is missing stands in a line of its own.
		if (outcome.kind !== 'captured') return [];
		const alert = toAlert(rule, outcome.payload);
		if (alert !== undefined) return [`alert: ${alert.action} ${quote(alert.key)}`];
		const missing = missingInKey(rule, outcome.payload) ?? '';
		return [`alert: none, since ${missing} is missing or empty`];
	} catch (error) {
		if (!(error instanceof IngestError)) throw error;
		return [`alert: ${error.message}`];
	}
}

function explainValue(rule: Rule, name: string, text: string): string {
	const type = typeOf(rule, name);
	const shown = quote(text);
	if (type.kind === 'text') return shown;
	const value = convertText(text, type);
	return value === undefined
		? `${shown}, which is no ${type.kind} and counts as missing`
		: `${JSON.stringify(value)} (a ${type.kind}, from ${shown})`;
}

/** What a pattern found, or why that could not be decided. */
function* find(
	{ field, pattern }: FieldPattern,
	which: Rule['matches'],
	texts: Texts,
	budget: MatchBudget,
): Paced<readonly PatternMatch[] | string> {
	try {
		return yield* countingMatches(pattern, texts(field), which, budget);
	} catch (error) {
		if (!(error instanceof IngestError)) throw error;
		return error.message;
	}
}

function* explainAbsence(
	{ field, pattern }: FieldPattern,
	texts: Texts,
	budget: MatchBudget,
): Paced<Found> {
	const all = texts(field);
	if (all.length === 0) {
		return { words: 'the message was looked at without its body', matched: false };
	}
	const where = isOfBody(field)
		? 'found nothing in the text'
		: `found nothing in ${all.map(({ normalised }) => quote(normalised)).join(' or ')}`;
	const advice = yield* advise(pattern, (other) =>
		find({ field, pattern: other }, undefined, texts, budget),
	);
	return { words: advice === undefined ? where : `${where}; ${advice}`, matched: false };
}

/** The two slips made most often: another case, and JavaScript's slashes. */
function* advise(
	{ source }: Pattern,
	findWith: (pattern: Pattern) => Paced<readonly PatternMatch[] | string>,
): Paced<string | undefined> {
	if (/^\/.+\/[a-z]*$/su.test(source)) {
		return 'its slashes are taken literally: a pattern has none around it';
	}
	const found = yield* findWith(compilePattern(source, { ignoreCase: true }));
	return found.length > 0 && typeof found !== 'string'
		? 'it would match if case were ignored: begin it with (?i)'
		: undefined;
}

const quote = (text: string): string => JSON.stringify(cut(text));

function cut(text: string): string {
	return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
