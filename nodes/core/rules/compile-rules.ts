import { assertNoFaults, IngestError } from '../errors';
import { shorten } from '../regex/errors';
import { compilePattern } from '../regex/pattern';
import type { Pattern } from '../regex/pattern';
import type { Rule } from './rule';
import { captureKey, filterKey, fieldsOf, headerNameOf } from './text-field';
import type { TextField } from './text-field';

/** A compiled pattern and the field it is matched against. */
export interface FieldPattern {
	readonly field: TextField;
	readonly pattern: Pattern;
}

/** A rule with its patterns compiled: made once a change, used for every message. Patterns stand in the order of their fields. */
export interface CompiledRule {
	readonly rule: Rule;
	readonly filter: readonly FieldPattern[];
	readonly captures: readonly FieldPattern[];
}

/**
 * Compiles the patterns of all rules.
 *
 * @throws ConfigurationError with every fault of every rule: no rule at all, a pattern that does not parse (with its
 * position), a capture without a named group, a type or fixed value that does not go with the captures
 */
export function compileRules(rules: readonly Rule[]): readonly CompiledRule[] {
	const faults: IngestError[] = [];
	if (rules.length === 0) {
		faults.push(
			new IngestError('configuration', 'There is no rule, so no message could ever match.', {
				field: 'Rules',
				remedy: 'Add a rule; one without filters matches every message.',
			}),
		);
	}
	const compiled = rules.map((rule) => compileRule(rule, faults));
	assertNoFaults(faults);
	return compiled;
}

/**
 * Says which patterns run under a time limit (look-around, back-references and the like), for those who wrote them; .NET's
 * own RegexOptions.NonBacktracking leaves out the same constructs.
 */
export function describeTimeLimited(rules: readonly CompiledRule[]): readonly string[] {
	return rules.flatMap(({ rule, filter, captures }) =>
		[...filter, ...captures]
			.filter(({ pattern }) => pattern.engine === 'timeLimited')
			.map(
				({ pattern }) =>
					`Rule "${rule.name}": the pattern ${shorten(pattern.source)} uses look-around, a back-reference or the like, so it runs under a time limit`,
			),
	);
}

/**
 * Whether From, Subject and the other header fields can refuse a message under every rule, and no rule asks for more of
 * those that are refused.
 */
export function canRefuseByHeader(rules: readonly CompiledRule[]): boolean {
	return rules.every(({ rule, filter, captures }) => {
		const fields = filter.map(({ field }) => field);
		const isOfHeader = (field: TextField) => field !== 'body' && field !== 'attachmentName';
		if ([...filter, ...captures].some(({ field }) => field === 'attachmentName')) return false;
		return rule.match === 'any'
			? fields.length > 0 && fields.every(isOfHeader)
			: fields.some(isOfHeader);
	});
}

/** Names, in lower case, of the header fields that the rules ask for beyond what every head has. */
export function headersOf(rules: readonly CompiledRule[]): readonly string[] {
	const names = rules.flatMap(({ filter, captures }) =>
		[...filter, ...captures].flatMap(({ field }) => headerNameOf(field) ?? []),
	);
	return [...new Set(names)];
}

function compileRule(rule: Rule, faults: IngestError[]): CompiledRule {
	const compile = (source: string, field: string): readonly Pattern[] => {
		try {
			return [compilePattern(source, { ignoreCase: rule.ignoreCase ?? false })];
		} catch (error) {
			if (!(error instanceof IngestError)) throw error;
			faults.push(fieldFault(rule, field, error));
			return [];
		}
	};
	const filter = fieldsOf(rule.filter).flatMap((field) =>
		compile(rule.filter[field] ?? '', filterKey(field)).map((pattern) => ({
			field,
			pattern,
		})),
	);
	const captures = fieldsOf(rule.captures).flatMap((field) =>
		(rule.captures[field] ?? []).flatMap((source, index) => {
			const name = `${captureKey(field)}[${String(index)}]`;
			return compile(source, name).map((pattern) => {
				if (pattern.groupNames.length === 0) faults.push(noNamedGroup(rule, name, source));
				return { field, pattern };
			});
		}),
	);
	faults.push(...checkNames(rule, captures));
	return { rule, filter, captures };
}

/** Types are for captured values, and fixed values for names that nothing captures: anything else is a slip. */
function checkNames(rule: Rule, captures: readonly FieldPattern[]): readonly IngestError[] {
	const captured = new Set(captures.flatMap(({ pattern }) => pattern.groupNames));
	const untyped = Object.keys(rule.types ?? {}).filter((name) => !captured.has(name));
	const twice = Object.keys(rule.fixed ?? {}).filter((name) => captured.has(name));
	return [
		...untyped.map((name) =>
			nameFault(rule, 'Payload.Types', `"${name}" is captured by no pattern`),
		),
		...twice.map((name) => nameFault(rule, 'Payload.Fixed', `"${name}" is captured, too`)),
	];
}

function nameFault(rule: Rule, field: string, problem: string): IngestError {
	return new IngestError('configuration', `Rule "${rule.name}", ${field}: ${problem}.`, {
		field,
		remedy: 'Correct the name, which is that of a named group, or remove it.',
	});
}

function fieldFault(rule: Rule, field: string, error: IngestError): IngestError {
	return new IngestError(error.code, `Rule "${rule.name}", ${field}: ${error.message}`, {
		field,
		...(error.remedy !== undefined && { remedy: error.remedy }),
		cause: error,
	});
}

function noNamedGroup(rule: Rule, field: string, source: string): IngestError {
	return new IngestError(
		'pattern',
		`Rule "${rule.name}", ${field}: the pattern "${shorten(source)}" has no named group, so it captures nothing.`,
		{ field, remedy: 'Name what shall be captured, e.g. (?<value>.+).' },
	);
}
