import type { INodeProperties } from 'n8n-workflow';

import { effectOperation } from '../effect-operation';
import { mailboxField, messageField, messageOptionsField } from '../fields';
import type { Operation } from '../operation';
import { readMailboxName } from '../../../core/message/mailbox-name';

const FOLDER = 'Folder';

function targetFields(description: string): readonly INodeProperties[] {
	return [messageField(), mailboxField(FOLDER, 'folder', '', description), messageOptionsField()];
}

const markFields = (): readonly INodeProperties[] => [messageField(), messageOptionsField()];

export const MARK_READ: Operation = {
	value: 'markRead',
	name: 'Mark as Read',
	action: 'Mark a message as read',
	description: 'Mark a message as read',
	properties: markFields(),
	run: effectOperation('markRead', () => [{ kind: 'addFlag', flag: '\\Seen' }]),
};

export const MARK_UNREAD: Operation = {
	value: 'markUnread',
	name: 'Mark as Unread',
	action: 'Mark a message as unread',
	description: 'Mark a message as unread',
	properties: markFields(),
	run: effectOperation('markUnread', () => [{ kind: 'removeFlag', flag: '\\Seen' }]),
};

export const FLAG: Operation = {
	value: 'flag',
	name: 'Flag',
	action: 'Flag a message',
	description: 'Flag a message, as a star or a red flag in mail programs',
	properties: markFields(),
	run: effectOperation('flag', () => [{ kind: 'addFlag', flag: '\\Flagged' }]),
};

export const UNFLAG: Operation = {
	value: 'unflag',
	name: 'Unflag',
	action: 'Unflag a message',
	description: 'Remove the flag of a message',
	properties: markFields(),
	run: effectOperation('unflag', () => [{ kind: 'removeFlag', flag: '\\Flagged' }]),
};

export const MOVE: Operation = {
	value: 'move',
	name: 'Move',
	action: 'Move a message to another mailbox',
	description: 'Move a message to another mailbox, which is created when missing',
	properties: targetFields('The mailbox the message is moved to; created when missing'),
	run: effectOperation('move', ({ read }) => [
		{ kind: 'move', folder: readMailboxName(read('folder'), FOLDER) },
	]),
};

export const COPY: Operation = {
	value: 'copy',
	name: 'Copy',
	action: 'Copy a message to another mailbox',
	description: 'Copy a message to another mailbox, which is created when missing',
	properties: targetFields('The mailbox the copy is put in; created when missing'),
	run: effectOperation('copy', ({ read }) => [
		{ kind: 'copy', folder: readMailboxName(read('folder'), FOLDER) },
	]),
};

export const DELETE: Operation = {
	value: 'delete',
	name: 'Delete',
	action: 'Delete a message',
	description: 'Delete a message for good; no other message is touched',
	properties: markFields(),
	run: effectOperation('delete', () => [{ kind: 'delete' }]),
};
