import { isAuthenticated, trustedByDefault } from '../message/authentication';
import { toAlert } from './alert';
import type { Alert } from './alert';
import type { CompiledRule } from './compile-rule';
import type { MatchableMessage, TextFrom } from '../message/message';
import { capturePayload } from './capture';
import type { CaptureRefusal } from './capture';
import { atPace, isFilterMatched, toTextsByRule } from './message-texts';
import type { MatchPace, Paced, Texts } from './message-texts';
import { PatternBudgetError } from '../regex/pattern';
import type { MatchBudget } from '../regex/pattern';
import type { Payload, Rule } from './rule';
import { isOfBody } from './text-field';
import type { TextField } from './text-field';

/** A rule that a message matched, and what its captures gave. */
export interface RuleMatch {
	readonly rule: Rule;
	readonly payload: Payload;
	/** Absent where the rule asks for none, or the payload lacks a value of its key. */
	readonly alert?: Alert;
}

/** Why a rule did not match: a filter pattern, all of them where one would do, or a value that had to be there. */
export interface RuleRefusal {
	readonly rule: Rule;
	readonly reason: FilterRefusal | CaptureRefusal;
}

type FilterRefusal =
	| { readonly kind: 'filter'; readonly field: TextField; readonly pattern: string }
	| { readonly kind: 'allFilters'; readonly fields: readonly TextField[] };

/** What the rules say of a message. */
export interface Evaluation {
	readonly matches: readonly RuleMatch[];
	readonly refusals: readonly RuleRefusal[];
	/** The body that was not given and without which a rule could not be decided: read it and evaluate again. */
	readonly needsBody: TextFrom | false;
}

export interface EvaluateOptions extends MatchPace {
	/** First match wins (AlertMagic's way), or every rule that matches. */
	readonly which: 'first' | 'all';
	/** Asks who vouches for the sender last, to tell what is forged from what is not for the rule anyway. */
	readonly authenticatesLast?: boolean;
	/** What the head alone has decided before: rules that it refused are not asked again. */
	readonly byHead?: Evaluation;
}

/**
 * Applies rules to a message in order; without a body it decides what the head can decide.
 *
 * @throws PatternBudgetError when a pattern could not be decided within the budget: never a silent "no match"
 */
export async function evaluate(
	rules: readonly CompiledRule[],
	message: MatchableMessage,
	options: EvaluateOptions,
): Promise<Evaluation> {
	return await atPace(applyRules(rules, message, options), options.pause);
}

function* applyRules(
	rules: readonly CompiledRule[],
	message: MatchableMessage,
	options: EvaluateOptions,
): Paced<Evaluation> {
	const question: Question = {
		texts: toTextsByRule(message),
		lacksBody: ({ textFrom }) =>
			(textFrom === 'html' ? message.bodyOfHtml : message.body) === undefined,
		ambiguousSender: message.ambiguousSender === true,
		vouchesFor: (rule) => vouchesFor(message, rule),
	};
	const matches: RuleMatch[] = [];
	const refusals: RuleRefusal[] = [];
	const refused = new Map(options.byHead?.refusals.map((refusal) => [refusal.rule, refusal]));
	let needsBody: Evaluation['needsBody'] = false;
	for (const rule of rules) {
		const earlier = refused.get(rule.rule);
		if (earlier !== undefined) {
			refusals.push(earlier);
			continue;
		}
		const verdict = yield* applyRule(rule, question, options);
		if (verdict.kind === 'refused') {
			refusals.push({ rule: rule.rule, reason: verdict.reason });
			continue;
		}
		if (verdict.kind === 'open') needsBody ||= rule.rule.textFrom ?? 'plain';
		else matches.push(toMatch(rule.rule, verdict.payload));
		// Whether an open rule wins is open, so those behind it cannot be decided yet.
		if (options.which === 'first' && rule.rule.continue !== true) break;
	}
	return { matches, refusals, needsBody };
}

function toMatch(rule: Rule, payload: Payload): RuleMatch {
	const alert = toAlert(rule, payload);
	return { rule, payload, ...(alert !== undefined && { alert }) };
}

interface Question {
	readonly texts: (rule: Rule) => Texts;
	/** Whether the body that a rule asks for is not. */
	readonly lacksBody: (rule: Rule) => boolean;
	readonly ambiguousSender: boolean;
	/** Whether the receiving host vouches for the sender as far as a rule wants it. */
	readonly vouchesFor: (rule: Rule) => boolean;
}

const RESULTS = 'authentication-results';

/** Whether the receiving host vouches for the sender as far as the rule wants it. */
export function vouchesFor({ from, headers, host }: MatchableMessage, rule: Rule): boolean {
	if (rule.authenticated === undefined) return true;
	const trustedBy = rule.trustedBy ?? trustedByDefault(host);
	return isAuthenticated(rule.authenticated, {
		from,
		results: headers?.get(RESULTS) ?? [],
		trustedBy,
	});
}

type Verdict =
	| { readonly kind: 'matched'; readonly payload: Payload }
	| { readonly kind: 'refused'; readonly reason: RuleRefusal['reason'] }
	| { readonly kind: 'open' };

function* applyRule(
	rule: CompiledRule,
	question: Question,
	options: EvaluateOptions,
): Paced<Verdict> {
	try {
		return yield* decide(rule, question, options);
	} catch (error) {
		throw error instanceof PatternBudgetError ? error.inRule(rule.rule.name) : error;
	}
}

function* decide(
	rule: CompiledRule,
	question: Question,
	{ budget, authenticatesLast }: EvaluateOptions,
): Paced<Verdict> {
	const isVouchedFor = question.vouchesFor(rule.rule);
	if (!isVouchedFor && authenticatesLast !== true)
		return { kind: 'refused', reason: NOT_AUTHENTICATED };
	const filtered = yield* applyFilter(rule, question, budget);
	if (typeof filtered === 'object') return { kind: 'refused', reason: filtered };
	if (!isVouchedFor && filtered === 'matched')
		return { kind: 'refused', reason: NOT_AUTHENTICATED };
	if (filtered === 'open' || (question.lacksBody(rule.rule) && capturesBody(rule)))
		return { kind: 'open' };
	const outcome = yield* capturePayload(rule, question.texts(rule.rule), budget);
	return outcome.kind === 'captured'
		? { kind: 'matched', payload: outcome.payload }
		: { kind: 'refused', reason: outcome };
}

const NOT_AUTHENTICATED: FilterRefusal = {
	kind: 'filter',
	field: 'header:Authentication-Results',
	pattern: 'Sender Authentication',
};

/** Whether a rule refused a message only because nobody vouches for its sender. */
export function isUnauthenticated({ reason }: RuleRefusal): boolean {
	return reason === NOT_AUTHENTICATED;
}

function capturesBody({ rule, captures, records }: CompiledRule): boolean {
	return (
		rule.keyValueLines === true ||
		records.length > 0 ||
		captures.some(({ field }) => isOfBody(field))
	);
}

/** Whether every address of the sender has to match, so that nobody slips in beside a genuine one. */
function mustAllMatch({ anySender }: Rule, ambiguousSender: boolean): boolean {
	return ambiguousSender && anySender !== true;
}

/** Tries the patterns in order until the rule is decided; `open` where only the body could decide it. */
function* applyFilter(
	{ rule, filter }: CompiledRule,
	question: Question,
	budget: MatchBudget,
): Paced<'matched' | 'open' | FilterRefusal> {
	const texts = question.texts(rule);
	const headOnly = question.lacksBody(rule);
	const isAny = rule.match === 'any';
	let isOpen = false;
	for (const part of filter) {
		const { field, pattern, words } = part;
		if (isOfBody(field) && headOnly) {
			isOpen = true;
			continue;
		}
		const isMatched = yield* isFilterMatched(
			part,
			texts(field),
			mustAllMatch(rule, question.ambiguousSender),
			budget,
		);
		if (isMatched && isAny) return 'matched';
		if (!isMatched && !isAny) return { kind: 'filter', field, pattern: words ?? pattern.source };
	}
	if (isOpen) return 'open';
	return isAny && filter.length > 0
		? { kind: 'allFilters', fields: filter.map(({ field }) => field) }
		: 'matched';
}
