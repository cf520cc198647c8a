import type { INodeExecutionData } from 'n8n-workflow';

import { deleteExpired } from '../../../ingest/retain';
import { SYSTEM_CLOCK } from '../../../shell/clock';
import { createStaticMemory } from '../../trigger/static-memory';
import { mailboxField } from '../fields';
import { forEachItem } from '../operation';
import type { ItemCall, Operation } from '../operation';
import { readWholeNumber } from '../../../core/whole-number';
import { readMailboxName } from '../../../core/message/mailbox-name';

export const RETENTION: Operation = {
	value: 'retention',
	name: 'Delete Old Messages',
	action: 'Delete old messages from a mailbox',
	description: 'Delete the messages that were put in a mailbox over a number of days ago',
	properties: [
		mailboxField(
			'Folder',
			'folder',
			'',
			'The mailbox that is tidied: neither the watched one nor one with a special use, such as Trash or Sent',
		),
		{
			displayName: 'Older Than (Days)',
			name: 'days',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 36500, numberPrecision: 0 },
			default: 30,
			description:
				'Days since the message was put there. Servers without SAVEDATE do not say: there this node remembers how far the folder was filled, and deletes nothing before it has run for that long.',
		},
		mailboxField(
			'Watched Mailbox',
			'watched',
			'INBOX',
			'The mailbox that a trigger watches: nothing is ever deleted from it',
		),
	],
	run: forEachItem(deleteOld),
};

async function deleteOld(call: ItemCall): Promise<readonly INodeExecutionData[]> {
	const folder = readMailboxName(call.read('folder'), 'Folder');
	const watched = readMailboxName(call.read('watched'), 'Watched Mailbox');
	const days = readWholeNumber(call.read('days'), 'Older Than (Days)', { min: 1, max: 36_500 });
	const mailbox = await call.connection.open(watched, { readOnly: true });
	const { context } = call;
	const memory = createStaticMemory({
		node: context.getWorkflowStaticData('node'),
		workflow: context.getWorkflowStaticData('global'),
		nodeId: context.getNode().id,
		account: call.account,
		isOneOfMany: false,
	});
	const now = SYSTEM_CLOCK.now();
	const expired = await deleteExpired({ mailbox, memory, watched, now }, { folder, days });
	return [{ json: { mailbox: folder, days, ...expired } }];
}
