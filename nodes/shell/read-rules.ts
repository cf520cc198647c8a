import { parseConfiguration, parseRules, parseRulesJson } from '../core/config/alertmagic';
import { isRecord } from '../core/config/fields';
import { assertNoFaults, ConfigurationError, IngestError } from '../core/errors';
import type { Rule } from '../core/rule';

/** Reads a parameter of the node; bind the item with `(name) => this.getNodeParameter(name, itemIndex)`. */
export type ReadParameter = (name: string) => unknown;

/**
 * Reads the rules of a node from the parameters that rulesProperties describes. All three sources go through
 * the same parser, so they share one set of refusals.
 *
 * @param accountConfiguration the Configuration field of the account, for nodes that offer it as a source
 * @throws ConfigurationError with all faults, naming the fields as the screen or the JSON does
 */
export function readRules(
	read: ReadParameter,
	accountConfiguration?: string,
): readonly [Rule, ...Rule[]] {
	const source = read('rulesSource');
	switch (source) {
		case 'visual':
			return requireRules(readVisualRules(read('rules')), 'Rule List', 'Add a rule to the list.');
		case 'json':
			return requireRules(
				readJsonRules(read('rulesJson')),
				'Rules (JSON)',
				'Write at least one rule under Ingests.',
			);
		case 'account':
			return requireRules(
				parseConfiguration(accountConfiguration ?? '').rules,
				'Configuration of the account',
				'Write AlertMagic.Ingests in the Configuration of the account, or define the rules in this node.',
			);
		default:
			throw new IngestError('configuration', `Rules is "${String(source)}", which is no choice.`, {
				field: 'Rules',
				remedy: 'Choose Define Below, JSON or Account Configuration.',
			});
	}
}

function requireRules(
	[first, ...rest]: readonly Rule[],
	field: string,
	remedy: string,
): readonly [Rule, ...Rule[]] {
	if (first !== undefined) return [first, ...rest];
	throw new IngestError('configuration', `${field} has no rule, so no message could match.`, {
		field,
		remedy,
	});
}

/** A JSON field holds a text, or the value itself when an expression made it. */
function readJsonRules(value: unknown): readonly Rule[] {
	return typeof value === 'string' ? parseRulesJson(value, 'Rules (JSON)') : parseRules(value);
}

function readVisualRules(value: unknown): readonly Rule[] {
	const rows = isRecord(value) ? value['rule'] : undefined;
	if (!Array.isArray(rows)) return [];
	return withScreenNames(() => parseRules(rows.map(toJsonRule)));
}

/** One row of the form in the shape of AlertMagic's JSON; anything that is not a row is left for the parser to refuse. */
function toJsonRule(row: unknown): unknown {
	if (!isRecord(row)) return row;
	return {
		Name: row['name'],
		Filter: { From: row['fromFilter'], Subject: row['subjectFilter'], Body: row['bodyFilter'] },
		Payload: {
			FromCaptures: row['fromCaptures'],
			SubjectCaptures: row['subjectCaptures'],
			BodyCaptures: row['bodyCaptures'],
			WhenMissing: row['whenMissing'],
		},
		CleanUp: toJsonCleanUp(row),
	};
}

/** The form hides folder and days for the other actions, so what is left in them does not count. */
function toJsonCleanUp(row: Readonly<Record<string, unknown>>): unknown {
	if (row['cleanUpAction'] !== 'moveToFolder') return { Action: row['cleanUpAction'] };
	return {
		Action: row['cleanUpAction'],
		Folder: row['cleanUpFolder'],
		DeleteAfterDays: row['deleteAfterDays'],
	};
}

/** What the screen calls the fields of a rule. */
const SCREEN_NAMES: Readonly<Record<string, string>> = {
	Name: 'Name',
	'Filter.From': 'From Filter',
	'Filter.Subject': 'Subject Filter',
	'Filter.Body': 'Body Filter',
	'Payload.FromCaptures': 'From Captures',
	'Payload.SubjectCaptures': 'Subject Captures',
	'Payload.BodyCaptures': 'Body Captures',
	'Payload.WhenMissing': 'When a Group Is Missing',
	'CleanUp.Action': 'Clean Up',
	'CleanUp.Folder': 'Folder',
	'CleanUp.DeleteAfterDays': 'Delete After Days',
};

function withScreenNames(parse: () => readonly Rule[]): readonly Rule[] {
	try {
		return parse();
	} catch (error) {
		if (error instanceof ConfigurationError) assertNoFaults(error.faults.map(toScreenFault));
		throw error;
	}
}

function toScreenFault(fault: IngestError): IngestError {
	const place = /^Ingests\[(\d+)\](?:\.(.+))?$/u.exec(fault.field ?? '');
	if (fault.field === undefined || place === null) return fault;
	const [, index, path] = place;
	const row = `Rule ${String(Number(index) + 1)} of the Rule List`;
	const field = path === undefined ? row : `${row}, ${SCREEN_NAMES[path] ?? path},`;
	return new IngestError(
		fault.code,
		fault.message.replace(fault.field, () => field),
		{
			field: field.replace(/,$/u, ''),
			...(fault.remedy !== undefined && { remedy: fault.remedy }),
			cause: fault,
		},
	);
}
