/*
 * What can be done to messages: search, get, download, and change as a clean-up does. An operation that needs more than its
 * own few lines has a file of its own.
 */
import type { Resource } from '../operation';
import { COPY, DELETE, FLAG, MARK_READ, MARK_UNREAD, MOVE, UNFLAG } from './change.operations';
import { ACKNOWLEDGE, CLEAN_UP } from './clean-up.operations';
import { DOWNLOAD_ATTACHMENTS } from './download-attachments.operation';
import { GET } from './get.operation';
import { SEARCH } from './search.operation';

export const MESSAGE_RESOURCE: Resource = {
	value: 'message',
	name: 'Message',
	operations: [
		ACKNOWLEDGE,
		CLEAN_UP,
		COPY,
		DELETE,
		DOWNLOAD_ATTACHMENTS,
		FLAG,
		GET,
		MARK_READ,
		MARK_UNREAD,
		MOVE,
		SEARCH,
		UNFLAG,
	],
	defaultOperation: 'get',
};
