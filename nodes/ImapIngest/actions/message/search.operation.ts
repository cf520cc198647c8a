import type { INodeExecutionData } from 'n8n-workflow';

import { findMessages } from '../find-messages';
import { limitFields, mailboxField } from '../fields';
import { forEachItem } from '../operation';
import type { ItemCall, Operation } from '../operation';
import { readLimit } from '../read-fields';
import { readMailboxName } from '../../../core/message/mailbox-name';
import { CRITERIA_PROPERTIES, parseCriteria } from './parse-criteria';

export const SEARCH: Operation = {
	value: 'search',
	name: 'Search',
	action: 'Search for messages',
	description: 'Search a mailbox on the server, newest messages first',
	properties: [
		mailboxField('Mailbox', 'mailbox', 'INBOX', 'The mailbox that is searched'),
		...limitFields(),
		{
			displayName: 'Criteria',
			name: 'criteria',
			type: 'collection',
			placeholder: 'Add Criterion',
			default: {},
			description:
				'What messages have to be like; all of it has to hold. None finds every message.',
			options: CRITERIA_PROPERTIES,
		},
	],
	run: forEachItem(search),
};

async function search(call: ItemCall): Promise<readonly INodeExecutionData[]> {
	const wanted = parseCriteria(call.read('criteria'), call.context.getTimezone());
	const limit = readLimit(call);
	const path = readMailboxName(call.read('mailbox'), 'Mailbox');
	return await findMessages(await call.connection.open(path, { readOnly: true }), wanted, limit);
}
