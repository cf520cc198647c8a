import type { INodeExecutionData } from 'n8n-workflow';

import { QUARANTINE } from '../../trigger/options';
import { effectOperation } from '../effect-operation';
import { limitFields, mailboxField, messageField, messageOptionsField } from '../fields';
import { findHeads, toJson } from '../find-messages';
import { forEachItem } from '../operation';
import type { ItemCall, Operation } from '../operation';
import { readLimit } from '../read-fields';
import { readQuarantineReason } from '../../../core/delivery/quarantine';
import { readMailboxName } from '../../../core/message/mailbox-name';

export const QUARANTINE_LIST: Operation = {
	value: 'quarantineList',
	name: 'List Quarantine',
	action: 'List the messages in quarantine',
	description:
		'List the messages whose last delivery failed, newest first, with when and why as far as the mail server keeps it',
	properties: [
		mailboxField(
			'Quarantine Mailbox',
			'mailbox',
			QUARANTINE,
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
	const mailbox = await call.connection.open(path, { readOnly: true });
	const heads = await findHeads(mailbox, {}, limit);
	const dates = await mailbox.saveDates(heads.map(({ summary }) => summary.uid));
	return heads.map((head) => {
		const at = dates.get(head.summary.uid);
		const quarantine = {
			reason: readQuarantineReason(head.flags),
			at: at === undefined ? null : new Date(at).toISOString(),
		};
		return { json: { quarantine, ...toJson(head) } };
	});
}
