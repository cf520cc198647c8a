import type { IDataObject, INode } from 'n8n-workflow';

import type { Rule } from '../../core/rules/rule';
import { toLiteralParameter } from './literal-parameter';
import { FORM_GROUPS, toFormRule } from './form-rules';

/** The trigger that an import makes. */
export const TRIGGER_NAMES = {
	imapIngestTrigger: 'IMAP Ingest Trigger',
	imapIngestInstantTrigger: 'IMAP Ingest Instant Trigger',
} as const;
export type TriggerType = keyof typeof TRIGGER_NAMES;

/** The node behind it. */
const RECEIVER = 'AlertMagic';

/** What the trigger takes over from the node that makes it. */
export type SnippetOrigin = Pick<INode, 'type' | 'credentials'>;

export interface SnippetOptions {
	/** Where the AlertMagic node takes its destination from. */
	readonly destination: 'credential' | 'rule';
	/** Gives each node an id of its own. */
	readonly newId: () => string;
}

/**
 * A trigger with rules in its form, wired to an AlertMagic node, in the shape in which n8n copies nodes, so that they can be
 * pasted on the canvas.
 */
export function toWorkflowSnippet(
	rules: readonly Rule[],
	{ type, credentials }: SnippetOrigin,
	trigger: TriggerType,
	{ destination, newId }: SnippetOptions,
): IDataObject {
	const account = credentials?.['imapIngestApi'];
	const accountOf = account !== undefined && { credentials: { imapIngestApi: account } };
	// The package has another name where it is loaded from a custom folder.
	const prefix = type.slice(0, type.lastIndexOf('.') + 1);
	const name = TRIGGER_NAMES[trigger];
	const nodes = [
		{
			parameters: toTriggerParameters(rules, trigger),
			type: `${prefix}${trigger}`,
			typeVersion: 2,
			position: [0, 0],
			id: newId(),
			name,
			...accountOf,
		},
		{
			parameters: { destination, options: {} },
			type: `${prefix}alertMagic`,
			typeVersion: 1,
			position: [224, 0],
			id: newId(),
			name: RECEIVER,
			...(destination === 'rule' && accountOf),
		},
	];
	const toReceiver = [[{ node: RECEIVER, type: 'main', index: 0 }]];
	return { nodes, connections: { [name]: { main: toReceiver } } };
}

function toTriggerParameters(rules: readonly Rule[], trigger: TriggerType): IDataObject {
	return {
		...(trigger === 'imapIngestTrigger' && { pollTimes: { item: [{ mode: 'everyMinute' }] } }),
		mailbox: { __rl: true, mode: 'list', value: 'INBOX', cachedResultName: 'INBOX' },
		rulesSource: 'visual',
		rules: { [FORM_GROUPS[2]]: toLiteralParameter(rules.map(toFormRule)) },
		options: {},
	};
}
