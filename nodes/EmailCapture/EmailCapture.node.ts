/*
 * Rules on items from any node. detect-email.ts finds out whose item it is, read-email.ts reads the email of it
 * (item-headers.ts, made-of-html.ts), require-fields.ts refuses rules that ask for what it does not hold, and
 * apply-rules.ts applies them; refusal-words.ts says why one did not take it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import {
	type CompiledRule,
	compileRulesInSlices,
	type RuleWords,
} from '../core/rules/compile-rules';
import { textsOf } from '../core/rules/message-texts';
import type { Rule } from '../core/rules/rule';
import { SYSTEM_CLOCK } from '../shell/clock';
import { readOptions } from '../shell/node-options';
import { readRules, readRuleWords } from '../shell/rules/read-rules';
import { toErrorItem, toNodeError } from '../shell/to-node-error';
import { applyRules, type CapturedItems } from './apply-rules';
import { EMAIL_CAPTURE_OPTIONS, EMAIL_CAPTURE_PROPERTIES } from './properties';
import { readEmail } from './read-email';

/** Applies rules to emails that any other node brought: no mailbox and no account needed. */
export class EmailCapture implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Email Capture',
		name: 'emailCapture',
		icon: { light: 'file:emailCapture.svg', dark: 'file:emailCapture.dark.svg' },
		group: ['transform'],
		version: [1, 2],
		defaultVersion: 2,
		subtitle:
			'={{ $parameter["rulesSource"] === "json" ? "rules as JSON" : "rules of this node" }}',
		description: 'Keep the emails that match and capture named values from them',
		defaults: { name: 'Email Capture' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Matched', 'Unmatched'],
		properties: EMAIL_CAPTURE_PROPERTIES,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const matched: INodeExecutionData[] = [];
		const unmatched: INodeExecutionData[] = [];
		const compile = createCompiler();
		for (const [itemIndex, item] of this.getInputData().entries()) {
			const pairedItem = { item: itemIndex };
			try {
				const captured = await captureItem(this, item, itemIndex, compile);
				matched.push(...captured.matched.map((output) => ({ ...output, pairedItem })));
				unmatched.push(...captured.unmatched.map((output) => ({ ...output, pairedItem })));
			} catch (thrown) {
				const error = toNodeError(this.getNode(), thrown, itemIndex);
				if (!this.continueOnFail()) throw error;
				// Never Matched: what could not be decided must not raise an alert.
				unmatched.push(toErrorItem(error, itemIndex));
			}
		}
		return [matched, unmatched];
	}
}

type Compile = (rules: readonly Rule[], words: RuleWords) => Promise<readonly CompiledRule[]>;

async function captureItem(
	context: IExecuteFunctions,
	item: INodeExecutionData,
	itemIndex: number,
	compile: Compile,
): Promise<CapturedItems> {
	const read = (name: string): unknown => context.getNodeParameter(name, itemIndex);
	const rules = await compile(readRules(read), readRuleWords(read));
	// Others run between two items.
	await nextTurn();
	const email = await readEmail(read, item, textsOf(rules));
	return await applyRules(rules, email, item, readOptions(EMAIL_CAPTURE_OPTIONS, read('options')));
}

/** Rules may hold expressions, so each item may have its own; equal ones are compiled once in an execution. */
function createCompiler(): Compile {
	const compiled = new Map<string, readonly CompiledRule[]>();
	return async (rules, words) => {
		const key = JSON.stringify(rules);
		const known = compiled.get(key);
		if (known !== undefined) return known;
		const fresh = await compileRulesInSlices(rules, words, () => SYSTEM_CLOCK.pause());
		compiled.set(key, fresh);
		return fresh;
	};
}
