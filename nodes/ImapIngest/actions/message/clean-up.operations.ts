import type { INodeProperties } from 'n8n-workflow';

import { toCleanUpEffects } from '../../../core/delivery/effect-plan';
import { IngestError } from '../../../core/errors';
import type { CleanUp } from '../../../core/rules/rule';
import { effectOperation } from '../effect-operation';
import { CLEAN_UP_CHOICES, mailboxField, messageField, messageOptionsField } from '../fields';
import type { ItemCall, Operation } from '../operation';
import { showValue } from '../../../core/whole-number';
import { readMailboxName } from '../read-fields';

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
				{ name: 'Choose Here', value: 'choose', description: 'The same for every message' },
				{
					name: 'Rule of the Account',
					value: 'rule',
					description: 'As a rule in the Configuration of the account says',
				},
			],
			default: 'rule',
			description: 'What is done to the message',
		},
		{
			displayName: 'Rule Name',
			name: 'rule',
			type: 'string',
			required: true,
			default: '={{ $json.rule }}',
			displayOptions: { show: { cleanUpSource: ['rule'] } },
			description: 'The Name of the rule whose clean-up counts',
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
	return call.read('cleanUpSource') === 'rule' ? readRuleCleanUp(call) : readChosenCleanUp(call);
}

function readChosenCleanUp({ read }: ItemCall): CleanUp {
	const action = read('cleanUpAction');
	switch (action) {
		case 'none':
		case 'markAsRead':
		case 'flag':
		case 'delete':
			return { action };
		case 'moveToFolder':
			return { action, folder: readMailboxName(read('folder'), 'Folder') };
		default:
			throw new IngestError('configuration', `Action is ${showValue(action)}.`, {
				field: 'Action',
				remedy: `Use one of ${CLEAN_UP_CHOICES.map(({ value }) => String(value)).join(', ')}.`,
			});
	}
}

function readRuleCleanUp(call: ItemCall): CleanUp {
	const name = call.read('rule');
	const rules = call.rules();
	const rule = rules.find((candidate) => candidate.name === name);
	if (rule !== undefined) return rule.cleanUp;
	throw new IngestError(
		'configuration',
		`Rule Name is ${showValue(name)}, which the Configuration of the account does not have.`,
		{
			field: 'Rule Name',
			remedy:
				rules.length === 0
					? 'The account has no rules: set Clean Up to "Choose Here", or write AlertMagic.Ingests in its Configuration.'
					: `Use the name of one of its rules: ${rules.map((known) => `"${known.name}"`).join(', ')}.`,
		},
	);
}
