import type { INodeProperties } from 'n8n-workflow';

import { toCleanUpEffects } from '../../../core/delivery/effect-plan';
import { wrongSetting } from '../../../core/errors';
import { isRecord, parseJsonObject } from '../../../core/is-record';
import type { CleanUp } from '../../../core/rules/rule';
import { effectOperation } from '../effect-operation';
import { CLEAN_UP_CHOICES, mailboxField, messageField, messageOptionsField } from '../fields';
import type { ItemCall, Operation } from '../operation';
import { showValue } from '../../../core/whole-number';
import { readMailboxName } from '../../../core/message/mailbox-name';

/** @param required whether it is an error when the mailbox keeps no keywords */
const acknowledge = (required: boolean) => ({ kind: 'acknowledge', required }) as const;

export const CLEAN_UP: Operation = {
	value: 'cleanUp',
	name: 'Clean Up',
	action: 'Clean up a message as its rule says',
	description: 'Do what the rule of a message, or this node, says is to be done after delivery',
	properties: cleanUpFields(),
	run: effectOperation('cleanUp', (call) =>
		toCleanUpEffects(readCleanUp(call), acknowledge(false)),
	),
};

export const ACKNOWLEDGE: Operation = {
	value: 'acknowledge',
	name: 'Acknowledge',
	action: 'Acknowledge the delivery of a message',
	description:
		'Tell the trigger that waits for it that the message was dealt with, by cleaning it up; put it at the end of the workflow',
	properties: cleanUpFields(),
	run: effectOperation('acknowledge', (call) =>
		toCleanUpEffects(readCleanUp(call), acknowledge(true)),
	),
};

function cleanUpFields(): readonly INodeProperties[] {
	return [
		messageField(),
		{
			displayName: 'Clean Up',
			name: 'cleanUpSource',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'As the Rule Says',
					value: 'rule',
					description: 'What the rule that took the message wants, wherever the rules come from',
				},
				{ name: 'Choose Here', value: 'choose', description: 'The same for every message' },
			],
			default: 'rule',
			description: 'What is done to the message',
		},
		{
			displayName: 'Clean-Up of the Rule',
			name: 'ruleCleanUp',
			type: 'json',
			default: '={{ $json.cleanUp }}',
			displayOptions: { show: { cleanUpSource: ['rule'] } },
			description:
				'What the rule wants, as items of the triggers hold it; where it is empty, the rule of that name in the account counts',
		},
		{
			displayName: 'Rule Name',
			name: 'rule',
			type: 'string',
			default: '={{ $json.rule }}',
			displayOptions: { show: { cleanUpSource: ['rule'] } },
			description:
				'The Name of a rule in the Configuration of the account, for items that do not hold what their rule wants',
		},
		{
			displayName: 'Action',
			name: 'cleanUpAction',
			type: 'options',
			options: CLEAN_UP_CHOICES,
			default: 'markAsRead',
			displayOptions: { show: { cleanUpSource: ['choose'] } },
			description: 'What is done to the message',
		},
		{
			...mailboxField(
				'Folder',
				'folder',
				'',
				'The mailbox the message is moved to; created when missing',
			),
			displayOptions: { show: { cleanUpSource: ['choose'], cleanUpAction: ['moveToFolder'] } },
		},
		messageOptionsField(),
	];
}

function readCleanUp(call: ItemCall): CleanUp {
	if (call.read('cleanUpSource') === 'rule') return readItemCleanUp(call) ?? readRuleCleanUp(call);
	const action = call.read('cleanUpAction');
	return toCleanUp(action, () => call.read('folder'), 'Action');
}

/** What the item says that its rule wants; undefined for one that does not say. */
function readItemCleanUp({ read }: ItemCall): CleanUp | undefined {
	const field = 'Clean-Up of the Rule';
	const given = read('ruleCleanUp');
	// An object, or its JSON; nothing where the item has none.
	const value = typeof given === 'string' ? parseJsonObject(given) : given;
	if (!isRecord(value)) return undefined;
	return toCleanUp(value['action'], () => value['folder'], field);
}

function toCleanUp(action: unknown, folder: () => unknown, field: string): CleanUp {
	switch (action) {
		case 'none':
		case 'markAsRead':
		case 'flag':
		case 'delete':
			return { action };
		case 'moveToFolder':
			return { action, folder: readMailboxName(folder(), 'Folder') };
		default:
			throw wrongSetting(
				field,
				`is ${showValue(action)}`,
				`Use one of ${CLEAN_UP_CHOICES.map(({ value }) => String(value)).join(', ')}.`,
			);
	}
}

function readRuleCleanUp(call: ItemCall): CleanUp {
	const name = call.read('rule');
	// A message of the output Unmatched.
	if (name === null) return { action: 'none' };
	const rules = call.rules();
	const rule = rules.find((candidate) => candidate.name === name);
	if (rule !== undefined) return rule.cleanUp;
	throw wrongSetting(
		'Rule Name',
		`is ${showValue(name)}, which the Configuration of the account does not have`,
		rules.length === 0
			? 'The account has no rules: set Clean Up to "Choose Here", or write AlertMagic.Ingests in its Configuration.'
			: `Use the name of one of its rules: ${rules.map((known) => `"${known.name}"`).join(', ')}.`,
	);
}
