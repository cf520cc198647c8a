import type { RuleWords } from '../../../core/rules/compile-rules';
import type { Rule } from '../../../core/rules/rule';
import { readAccountConfiguration } from '../../../shell/open-account';
import { readCopiedNode } from '../../../shell/rules/read-copied-node';
import { readRules, readRuleWords } from '../../../shell/rules/read-rules';
import type { ReadParameter } from '../../../shell/rules/read-rules';
import type { LocalCall } from '../operation';

/** Rules, and what the user calls their places. */
export interface SourceRules {
	readonly rules: readonly [Rule, ...Rule[]];
	readonly words: RuleWords;
}

/**
 * The rules that an operation is given: from its form, JSON, the account, or a node that was copied on the canvas.
 *
 * @param sourceName the parameter that says where they come from
 */
export async function readSource(
	{ context, itemIndex, read }: LocalCall,
	sourceName = 'rulesSource',
): Promise<SourceRules> {
	const source = read(sourceName);
	const own: ReadParameter = (name) => (name === 'rulesSource' ? source : read(name));
	const parameters = source === 'node' ? readCopiedNode(read('copiedNode')) : own;
	const configuration =
		source === 'account' ? await readAccountConfiguration(context, itemIndex) : undefined;
	return { rules: readRules(parameters, configuration), words: readRuleWords(parameters) };
}
