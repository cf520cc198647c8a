import { parseConfiguration, parseRules } from '../../core/rules/json/alertmagic';
import { isRecord } from '../../core/is-record';
import { wrongSetting } from '../../core/errors';
import { parseJson } from '../../core/json/json-source';
import { JSON_WORDS } from '../../core/rules/compile-rules';
import type { RuleWords } from '../../core/rules/compile-rules';
import type { FormVersion } from '../../core/rules/keys/rule-key';
import type { Rule } from '../../core/rules/rule';
import { FORM_GROUPS, readFormRules } from './form-rules';
import { formWords } from './form-words';

/** Reads a parameter of the node; bind the item with `(name) => this.getNodeParameter(name, itemIndex)`. */
export type ReadParameter = (name: string) => unknown;

/**
 * Reads the rules of a node from the parameters that rulesProperties describes. All sources go through
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
				parseRules(read('rulesJson')),
				'Rules (JSON)',
				'Write at least one rule under Ingests.',
			);
		case 'message':
			return requireRules(
				readSuggestedRules(read('messages')),
				'Messages',
				'Pick a message from the list.',
			);
		case 'account':
			return requireRules(
				parseConfiguration(accountConfiguration ?? '').rules,
				'Configuration of the account',
				'Write AlertMagic.Ingests in the Configuration of the account, or define the rules in this node.',
			);
		default:
			throw wrongSetting(
				'Rules',
				`is "${String(source)}", which is no choice`,
				'Choose Define Below, JSON, From a Message or AlertMagic Configuration.',
			);
	}
}

function requireRules(
	[first, ...rest]: readonly Rule[],
	field: string,
	remedy: string,
): readonly [Rule, ...Rule[]] {
	if (first !== undefined) return [first, ...rest];
	throw wrongSetting(field, 'has no rule, so no message could match', remedy);
}

/** Rows without a message do not count; one may hold several rules that were written by hand. */
function readSuggestedRules(value: unknown): readonly Rule[] {
	const rows = isRecord(value) && Array.isArray(value['row']) ? value['row'] : [];
	const rules = rows.flatMap((row: unknown, index) => {
		const rule = isRecord(row) ? row['rule'] : undefined;
		const text = isRecord(rule) ? rule['value'] : rule;
		if (typeof text !== 'string' || text.trim() === '') return [];
		return parseJson(text, `Message ${String(index + 1)}, Rule (JSON)`).value;
	});
	return rules.length === 0 ? [] : parseRules(rules);
}

/** The two forms are told apart by the name under which they save their rows. */
function readVisualRules(value: unknown): readonly Rule[] {
	const version = versionOf(value);
	const rows = isRecord(value) ? value[FORM_GROUPS[version]] : undefined;
	return Array.isArray(rows) ? readFormRules(rows, version) : [];
}

function versionOf(rules: unknown): FormVersion {
	return isRecord(rules) && Array.isArray(rules[FORM_GROUPS[2]]) ? 2 : 1;
}

/** What the user of a node calls the places of its rules. */
export function readRuleWords(read: ReadParameter): RuleWords {
	return read('rulesSource') === 'visual' ? formWords(versionOf(read('rules'))) : JSON_WORDS;
}
