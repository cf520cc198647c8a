import { assertNoFaults, IngestError } from './errors';
import { compilePattern } from './regex/pattern';
import type { Pattern } from './regex/pattern';
import { TEXT_FIELDS } from './rule';
import type { Rule, TextField } from './rule';

/** A rule with its patterns compiled: made once a change, used for every message. */
export interface CompiledRule {
	readonly rule: Rule;
	readonly filter: Readonly<Partial<Record<TextField, Pattern>>>;
	readonly captures: Readonly<Record<TextField, readonly Pattern[]>>;
	/** True when the body has to be read to decide the rule or to fill its payload. */
	readonly needsBody: boolean;
}

const FIELD_LABELS: Readonly<Record<TextField, string>> = {
	from: 'From',
	subject: 'Subject',
	body: 'Body',
};

/**
 * Compiles the patterns of all rules.
 *
 * @throws ConfigurationError with every fault of every rule: no rule at all, a pattern that does not parse (with its
 * position), a capture without a named group
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
		TEXT_FIELDS.flatMap((field) => [filter[field], ...captures[field]])
			.filter((pattern) => pattern?.engine === 'timeLimited')
			.map(
				(pattern) =>
					`Rule "${rule.name}": the pattern ${pattern?.source ?? ''} uses look-around, a back-reference or the like, so it runs under a time limit`,
			),
	);
}

function compileRule(rule: Rule, faults: IngestError[]): CompiledRule {
	const compile = (source: string, field: string): Pattern | undefined => {
		try {
			return compilePattern(source);
		} catch (error) {
			if (!(error instanceof IngestError)) throw error;
			faults.push(fieldFault(rule, field, error));
			return undefined;
		}
	};
	const filter: Partial<Record<TextField, Pattern>> = {};
	for (const field of TEXT_FIELDS) {
		const source = rule.filter[field];
		const pattern =
			source === undefined ? undefined : compile(source, `Filter.${FIELD_LABELS[field]}`);
		if (pattern !== undefined) filter[field] = pattern;
	}
	const compileCaptures = (field: TextField): readonly Pattern[] =>
		rule.captures[field].flatMap((source, index) => {
			const name = `Payload.${FIELD_LABELS[field]}Captures[${String(index)}]`;
			const pattern = compile(source, name);
			if (pattern === undefined) return [];
			if (pattern.groupNames.length === 0) faults.push(noNamedGroup(rule, name, source));
			return [pattern];
		});
	return {
		rule,
		filter,
		captures: {
			from: compileCaptures('from'),
			subject: compileCaptures('subject'),
			body: compileCaptures('body'),
		},
		needsBody: rule.filter.body !== undefined || rule.captures.body.length > 0,
	};
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
		`Rule "${rule.name}", ${field}: the pattern "${source}" has no named group, so it captures nothing.`,
		{ field, remedy: 'Name what shall be captured, e.g. (?<value>.+).' },
	);
}
