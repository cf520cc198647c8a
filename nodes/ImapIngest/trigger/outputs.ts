import type { INodeExecutionData, INodeTypeDescription } from 'n8n-workflow';

import type { DeliveryItem } from '../../core/delivery/delivery';
import { IngestError, wrongSetting } from '../../core/errors';
import type { Rule } from '../../core/rules/rule';
import type { TriggerParameters } from './read-parameters';

/** The parameters of a trigger as a workflow holds them, as far as they say which outputs it has. */
interface OutputParameters {
	readonly rulesSource?: unknown;
	readonly rules?: Readonly<
		Partial<Record<'rule' | 'row', ReadonlyArray<{ readonly name?: unknown }>>>
	>;
	readonly rulesJson?: unknown;
	readonly messages?: {
		readonly row?: ReadonlyArray<{ readonly rule?: { readonly value?: unknown } }>;
	};
	readonly options?: { readonly [option: string]: unknown };
}

/**
 * Names of a trigger's outputs, in order. Its source is the expression that the editor computes the outputs with, so
 * it must not use anything from outside, nor hold two closing braces in a row.
 */
const nameOutputs = (parameters: OutputParameters): string[] => {
	const { rulesSource, rules, rulesJson, messages, options = {} } = parameters;
	const pick = (value: unknown, wanted: string): unknown => {
		const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
		const [, found] = entries.find(([key]) => key.toLowerCase() === wanted) ?? [];
		return found;
	};
	const parse = (value: unknown): unknown => {
		try {
			return typeof value === 'string' ? JSON.parse(value) : value;
		} catch {
			return undefined;
		}
	};
	const listRules = (): unknown => {
		if (rulesSource === 'account') return undefined;
		if (rulesSource === 'message') return messages?.row?.flatMap(({ rule }) => parse(rule?.value));
		if (rulesSource !== 'json') return rules?.row ?? rules?.rule;
		const value = parse(rulesJson);
		if (Array.isArray(value)) return value;
		return pick(pick(value, 'alertmagic') ?? value, 'ingests');
	};
	const list = options['outputs'] === 'onePerRule' ? listRules() : undefined;
	const names = Array.isArray(list)
		? list.map((rule: unknown) => String(pick(rule, 'name') ?? '').trim())
		: ['Messages'];
	if (options['unmatched'] === true) names.push('Unmatched');
	if (options['health'] === true) names.push('Health');
	return names;
};

/** One output for messages, or one for each rule; with options, one for unmatched messages and one for health events. */
export const TRIGGER_OUTPUTS: Exclude<INodeTypeDescription['outputs'], readonly unknown[]> =
	`={{ ((names) => names.length === 1 && names[0] === "Messages" ? ["main"] : names.map((displayName) => ({ type: "main", displayName })))((${nameOutputs.toString()})($parameter)) }}`;

/** Which output an item leaves by, counted from 0. */
export interface OutputPlan {
	/** By name of the rule; null stands for messages that no rule matched. */
	readonly byRule: ReadonlyMap<string | null, number>;
	/** Undefined where the node has no output "Health". */
	readonly health: number | undefined;
}

type Choices = Pick<TriggerParameters, 'rules' | 'outputs' | 'unmatched' | 'health'>;

/** Choices of the user -> the outputs of the node, in the order that the editor shows them. */
export function planOutputs({ rules, outputs, unmatched, health }: Choices): OutputPlan {
	const isPerRule = outputs === 'onePerRule';
	const ruleOutputs = isPerRule ? rules.length : 1;
	return {
		byRule: new Map<string | null, number>([
			...rules.map(({ name }, index) => [name, isPerRule ? index : 0] as const),
			[null, ruleOutputs],
		]),
		health: health ? ruleOutputs + (unmatched ? 1 : 0) : undefined,
	};
}

/** Items -> one list for each output, up to the last that has any: one execution gets them all. */
export function sortIntoOutputs(
	{ byRule }: Pick<OutputPlan, 'byRule'>,
	items: ReadonlyArray<{ readonly rule: DeliveryItem['rule']; readonly item: INodeExecutionData }>,
): INodeExecutionData[][] {
	const lists: INodeExecutionData[][] = [[]];
	for (const { rule, item } of items) listAt(lists, byRule.get(rule) ?? 0).push(item);
	return lists;
}

function listAt(lists: INodeExecutionData[][], index: number): INodeExecutionData[] {
	while (lists.length <= index) lists.push([]);
	return lists[index] ?? [];
}

/**
 * Refuses outputs that the editor cannot show as they are: an item would leave by one that is not there.
 *
 * @param stored the parameters of the node as the workflow holds them, expressions unresolved
 */
export function checkOutputs(
	{ rules, outputs }: Pick<Choices, 'rules' | 'outputs'>,
	stored: OutputParameters,
): readonly IngestError[] {
	if (outputs !== 'onePerRule') return [];
	if (stored.rulesSource === 'account') {
		return [
			refuse(
				'the rules come from the account, which the canvas cannot read',
				'Set Rules to Define Below or JSON, or Outputs to Single and route by {{ $json.rule }}.',
			),
		];
	}
	const shown = nameOutputs({ ...stored, options: { outputs } });
	return isSameList(shown, rules) ? [] : [refuse(...UNREADABLE)];
}

/** An alarm that nobody hears is none. */
export function checkHealth({
	rules,
	health,
}: Pick<Choices, 'rules' | 'health'>): readonly IngestError[] {
	const expecting = rules.find(
		({ expectEvery, expectBy }) => (expectEvery ?? expectBy) !== undefined,
	);
	if (health || expecting === undefined) return [];
	return [
		new IngestError(
			'configuration',
			`Rule "${expecting.name}" expects mail, but the trigger has no output to tell that it is missing.`,
			{ field: 'Health Output', remedy: 'Switch the option Health Output on.' },
		),
	];
}

const UNREADABLE = [
	'the names of the rules cannot be read on the canvas',
	'Write the rules without expressions, and JSON without comments or trailing commas.',
] as const;

function isSameList(names: readonly string[], rules: readonly Rule[]): boolean {
	return names.length === rules.length && rules.every(({ name }, index) => name === names[index]);
}

function refuse(problem: string, remedy: string): IngestError {
	return wrongSetting('Outputs', `is One per Rule, but ${problem}`, remedy);
}
