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

/** What the trigger takes over from the node that makes it. */
export type SnippetOrigin = Pick<INode, 'type' | 'credentials'>;

/**
 * A trigger with rules in its form, in the shape in which n8n copies nodes, so that it can be pasted on the canvas.
 *
 * @param id of the node
 */
export function toTriggerSnippet(
	rules: readonly Rule[],
	{ type, credentials }: SnippetOrigin,
	trigger: TriggerType,
	id: string,
): IDataObject {
	const account = credentials?.['imapIngestApi'];
	const node = {
		parameters: {
			...(trigger === 'imapIngestTrigger' && { pollTimes: { item: [{ mode: 'everyMinute' }] } }),
			mailbox: { __rl: true, mode: 'list', value: 'INBOX', cachedResultName: 'INBOX' },
			rulesSource: 'visual',
			rules: { [FORM_GROUPS[2]]: toLiteralParameter(rules.map(toFormRule)) },
			options: {},
		},
		// The package has another name where it is loaded from a custom folder.
		type: `${type.slice(0, type.lastIndexOf('.') + 1)}${trigger}`,
		typeVersion: 2,
		position: [0, 0],
		id,
		name: TRIGGER_NAMES[trigger],
		...(account !== undefined && { credentials: { imapIngestApi: account } }),
	};
	return { nodes: [node], connections: {} };
}
