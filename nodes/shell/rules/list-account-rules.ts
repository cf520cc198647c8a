import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { compileRules } from '../../core/rules/compile-rules';
import { describeRule } from '../../core/rules/describe-rule';
import { parseConfiguration } from '../../core/rules/json/alertmagic';
import { configurationOf } from '../open-account';
import { toNodeError } from '../to-node-error';

/** Lists the rules in the Configuration of the account, to look at: what they do, and none of their secrets. */
export async function listAccountRules(
	this: ILoadOptionsFunctions,
): Promise<INodeListSearchResult> {
	try {
		const configuration = configurationOf(await this.getCredentials('imapIngestApi'));
		const { rules } = parseConfiguration(configuration);
		if (rules.length === 0) return { results: [] };
		const results = compileRules(rules).map((compiled, index) => ({
			name: `${String(index + 1)}. ${compiled.rule.name}: ${describeRule(compiled)}`,
			value: compiled.rule.name,
		}));
		return { results };
	} catch (error) {
		throw toNodeError(this.getNode(), error);
	}
}
