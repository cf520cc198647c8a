import type { INodeExecutionData } from 'n8n-workflow';

import { TRIGGER_DEFAULTS } from '../../trigger/read-parameters';
import { effectOperation } from '../effect-operation';
import { limitFields, mailboxField, messageField, messageOptionsField } from '../fields';
import { findMessages } from '../find-messages';
import { forEachItem } from '../operation';
import type { ItemCall, Operation } from '../operation';
import { readLimit } from '../read-fields';
import { readMailboxName } from '../../../core/message/mailbox-name';

export const QUARANTINE_LIST: Operation = {
	value: 'quarantineList',
	name: 'List Quarantine',
	action: 'List the messages in quarantine',
	description: 'List the messages whose last delivery failed, newest first',
	properties: [
		mailboxField(
			'Quarantine Mailbox',
			'mailbox',
			TRIGGER_DEFAULTS.quarantine,
			'The Quarantine Mailbox of the trigger',
		),
		...limitFields(),
	],
	run: forEachItem(listQuarantine),
};

export const QUARANTINE_REPLAY: Operation = {
	value: 'quarantineReplay',
	name: 'Replay From Quarantine',
	action: 'Replay a message from quarantine',
	description: 'Move a message back to the watched mailbox, so that the trigger delivers it again',
	properties: [
		messageField(),
		mailboxField('Watched Mailbox', 'watched', 'INBOX', 'The mailbox that the trigger watches'),
		messageOptionsField(),
	],
	run: effectOperation('quarantineReplay', ({ read }) => [
		{ kind: 'forgetDelivery' },
		{ kind: 'move', folder: readMailboxName(read('watched'), 'Watched Mailbox') },
	]),
};

/** No message was ever put in quarantine while the mailbox does not exist. */
async function listQuarantine(call: ItemCall): Promise<readonly INodeExecutionData[]> {
	const path = readMailboxName(call.read('mailbox'), 'Quarantine Mailbox');
	const limit = readLimit(call);
	if (!(await call.connection.exists(path))) return [];
	return await findMessages(await call.connection.open(path, { readOnly: true }), {}, limit);
}
