/*
 * What can be done to mailboxes: list, create, look at, empty of what is old, and bring back from quarantine.
 */
import type { Resource } from '../operation';
import { CREATE, LIST, STATUS } from './mailbox.operations';
import { QUARANTINE_LIST, QUARANTINE_REPLAY } from './quarantine.operations';
import { RETENTION } from './retention.operation';

export const MAILBOX_RESOURCE: Resource = {
	value: 'mailbox',
	name: 'Mailbox',
	operations: [CREATE, RETENTION, LIST, STATUS, QUARANTINE_LIST, QUARANTINE_REPLAY],
	defaultOperation: 'list',
};
