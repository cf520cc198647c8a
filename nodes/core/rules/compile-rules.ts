import { Faults, IngestError } from '../errors';
import { trustedByDefault } from '../message/authentication';
import type { Place } from '../errors';
import { writePlace } from '../json/json-source';
import { compileRule } from './compile-rule';
import type { CompiledRule, Report, RuleFault } from './compile-rule';
import type { Rule } from './rule';
import { headerNameOf, isOfBody } from './text-field';
import type { TextField } from './text-field';

export type { CompiledRule, FieldPattern } from './compile-rule';

/** What people call a place in a rule; depends on whether they wrote JSON or filled in a form. */
export type RuleWords = (place: RulePlace) => string;

export interface RulePlace {
	readonly index: number;
	readonly name: string;
	/** From the rule on: `['Payload', 'BodyCaptures', 0]`. */
	readonly place: Place;
}

/** The words of JSON: `Rule "Knock Knock", AlertMagic.Ingests[0].Payload.BodyCaptures[0]`. */
export const JSON_WORDS: RuleWords = ({ index, name, place }) =>
	`Rule "${name}", ${writePlace(['AlertMagic', 'Ingests', index, ...place])}`;

/**
 * Compiles the patterns of all rules.
 *
 * @throws ConfigurationError with the faults of all rules: no rule at all, a pattern that does not parse (with its
 * position), a capture without a named group, a type or fixed value that does not go with the captures
 */
export function compileRules(
	rules: readonly Rule[],
	words: RuleWords = JSON_WORDS,
): readonly CompiledRule[] {
	const faults = new Faults();
	const compiled = rules.map((rule, index) =>
		compileRule(rule, reportTo(faults, rule, index, words)),
	);
	refuseNone(rules, faults);
	faults.assertNone();
	return compiled;
}

/** So many rules are compiled before the event loop runs: about 20 ms on an old machine. */
const SLICE = 20;

/** As compileRules, without holding up other workflows while there are many rules. */
export async function compileRulesInSlices(
	rules: readonly Rule[],
	words: RuleWords,
	pause: () => Promise<void>,
): Promise<readonly CompiledRule[]> {
	const faults = new Faults();
	const compiled: CompiledRule[] = [];
	for (const [index, rule] of rules.entries()) {
		if (index > 0 && index % SLICE === 0) await pause();
		compiled.push(compileRule(rule, reportTo(faults, rule, index, words)));
	}
	refuseNone(rules, faults);
	faults.assertNone();
	return compiled;
}

/**
 * Whether From, Subject and the other header fields can refuse a message under every rule, and no rule asks for more of
 * those that are refused.
 */
export function canRefuseByHeader(rules: readonly CompiledRule[]): boolean {
	return rules.every(({ rule, filter, captures }) => {
		const fields = filter.map(({ field }) => field);
		const isOfHeader = (field: TextField) => !isOfBody(field) && field !== 'attachmentName';
		if ([...filter, ...captures].some(({ field }) => field === 'attachmentName')) return false;
		return rule.match === 'any'
			? fields.length > 0 && fields.every(isOfHeader)
			: fields.some(isOfHeader);
	});
}

/** Whose word on the sender counts: the host that is plain from the account, and those that rules name. */
export function trustedHosts(
	rules: ReadonlyArray<Pick<CompiledRule, 'rule'>>,
	host: string | undefined,
): readonly string[] {
	const named = rules.map(({ rule }) => rule.trustedBy);
	return [trustedByDefault(host), ...named].filter((name) => name !== undefined);
}

/** Names, in lower case, of the header fields that the rules ask for beyond what every head has. */
export function headersOf(rules: readonly CompiledRule[]): readonly string[] {
	const names = rules.flatMap(({ rule, filter, captures }) => [
		...[...filter, ...captures].flatMap(({ field }) => headerNameOf(field) ?? []),
		...(rule.authenticated === undefined ? [] : ['authentication-results']),
	]);
	return [...new Set(names)];
}

function reportTo(faults: Faults, { name }: Rule, index: number, words: RuleWords): Report {
	return (place, fault) => {
		faults.add(() => toError({ index, name, place }, fault, words));
	};
}

function refuseNone(rules: readonly Rule[], faults: Faults): void {
	if (rules.length > 0) return;
	faults.add(
		() =>
			new IngestError('configuration', 'There is no rule, so no message could ever match.', {
				field: 'Rules',
				remedy: 'Add a rule; one without filters matches every message.',
			}),
	);
}

function toError(place: RulePlace, fault: RuleFault, words: RuleWords): IngestError {
	const field = words(place);
	const { code, problem, remedy, cause } = fault;
	return new IngestError(code, `${field}: ${problem}`, {
		field,
		place: ['Ingests', place.index, ...place.place],
		remedy,
		cause,
	});
}
