import { mailboxField } from '../fields';
import { forEachItem } from '../operation';
import type { Operation } from '../operation';
import { readMailboxName } from '../../../core/message/mailbox-name';

export const LIST: Operation = {
	value: 'list',
	name: 'Get Many',
	action: 'Get many mailboxes',
	description: 'List the mailboxes of the account, one item each',
	properties: [],
	run: forEachItem(async ({ connection }) => {
		const mailboxes = await connection.list();
		return mailboxes.map(({ path, specialUse }) => ({ json: { mailbox: path, specialUse } }));
	}),
};

export const CREATE: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a mailbox',
	description: 'Create a mailbox; one that is there already is no error',
	properties: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Alerts/Processed',
			description: 'Name of the new mailbox; a slash puts it below another one',
		},
	],
	run: forEachItem(async ({ connection, read }) => {
		const { path, created } = await connection.create(readMailboxName(read('name'), 'Name'));
		return [{ json: { mailbox: path, created } }];
	}),
};

export const STATUS: Operation = {
	value: 'status',
	name: 'Get Status',
	action: 'Get the status of a mailbox',
	description: 'Count the messages of a mailbox and the unread ones',
	properties: [
		mailboxField('Mailbox', 'mailbox', 'INBOX', 'The mailbox whose messages are counted'),
	],
	run: forEachItem(async ({ connection, read }) => {
		const { path, ...counts } = await connection.status(
			readMailboxName(read('mailbox'), 'Mailbox'),
		);
		return [{ json: { mailbox: path, ...counts } }];
	}),
};
