import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { findMessages } from '../find-messages';
import { limitFields, mailboxField } from '../fields';
import { forEachItem } from '../operation';
import type { ItemCall, Operation } from '../operation';
import { readLimit } from '../read-fields';
import { readMailboxName } from '../../../core/message/mailbox-name';
import { parseCriteria } from './parse-criteria';

const CRITERIA_FIELDS: INodeProperties[] = [
	{
		displayName: 'Arrived Before',
		name: 'before',
		type: 'dateTime',
		default: '',
		description: 'Messages that arrived before this moment',
	},
	{
		displayName: 'Arrived Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description: 'Messages that arrived at this moment or later',
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'string',
		default: '',
		description: 'Words in the text; many servers find whole words only',
	},
	{
		displayName: 'Flagged',
		name: 'flagged',
		type: 'boolean',
		default: true,
		description: 'Whether to find flagged messages, or when off those without a flag',
	},
	{
		displayName: 'From',
		name: 'from',
		type: 'string',
		default: '',
		description: 'A part of the sender: of the address or the name',
	},
	{
		displayName: 'Has Attachment',
		name: 'hasAttachment',
		type: 'boolean',
		default: true,
		description:
			'Whether to find messages with an attachment, or when off those without. No server knows, so the structure of what else fits is read.',
	},
	{
		displayName: 'Larger Than (KiB)',
		name: 'largerThan',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description: 'Messages of more than this size, attachments included',
	},
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		description: 'A part of the subject, in any case',
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: '',
		description: 'A part of a recipient: of the address or the name',
	},
	{
		displayName: 'Unread',
		name: 'unread',
		type: 'boolean',
		default: true,
		description: 'Whether to find unread messages, or when off those that were read',
	},
];

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
			options: CRITERIA_FIELDS,
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
