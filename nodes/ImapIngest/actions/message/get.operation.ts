import type { IBinaryKeyData, INodeExecutionData } from 'n8n-workflow';

import { messageGone } from '../../../core/message/message-reference';
import { tooLarge } from '../../../core/message/size-limit';
import { toFlagNames } from '../find-messages';
import { messageField, messageOptionsField, sizeLimitOption } from '../fields';
import { openMessage } from '../open-message';
import type { OpenedMessage } from '../open-message';
import { forEachItem } from '../operation';
import type { ItemCall, Operation } from '../operation';
import { readSizeLimit } from '../read-fields';
import { toFileName } from './file-name';

const RAW_LIMIT_MIB = 25;

export const GET: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a message',
	description: 'Get the text and headers of a message, and on request all of it as a file',
	properties: [
		messageField(),
		messageOptionsField(
			{
				displayName: 'Raw Message',
				name: 'raw',
				type: 'boolean',
				default: false,
				description: 'Whether to add the whole message as an .eml file in the binary field "raw"',
			},
			sizeLimitOption(
				RAW_LIMIT_MIB,
				'Largest message that is read as a file; a larger one is an error',
			),
			{
				displayName: 'Text From',
				name: 'textFrom',
				type: 'options',
				options: [
					{ name: 'Plain Part First', value: 'plainFirst' },
					{
						name: 'HTML First',
						value: 'htmlFirst',
						description: 'For senders whose plain text only hints at what the HTML says',
					},
				],
				default: 'plainFirst',
				description: 'Which part of a message is its text when it has both plain text and HTML',
			},
		),
	],
	run: forEachItem(getMessage),
};

async function getMessage(call: ItemCall): Promise<readonly INodeExecutionData[]> {
	const { item } = call;
	const opened = await openMessage(call);
	if (opened === undefined) {
		const action = { operation: 'get', done: false, reason: 'missing' };
		return [{ ...item, json: { ...item.json, action } }];
	}
	const { mailbox, message } = opened;
	const { summary, flags } = message;
	const textFrom = call.option('textFrom') === 'htmlFirst' ? 'html' : 'plain';
	const { texts, unreadable } = await mailbox.bodies([message], textFrom);
	const body = texts.get(summary.uid);
	const header = await mailbox.header(summary.uid);
	if (body === undefined) throw unreadable.get(summary.uid) ?? messageGone(summary);
	if (header === undefined) throw messageGone(summary);
	const content = {
		text: body.text,
		source: body.source,
		truncated: body.truncated,
		headers: header.fields,
		headersTruncated: header.truncated,
	};
	const json = { ...item.json, message: { ...summary }, flags: toFlagNames(flags), content };
	return [{ ...item, json, ...(await readRaw(call, opened)) }];
}

async function readRaw(
	call: ItemCall,
	{ mailbox, message: { summary } }: OpenedMessage,
): Promise<{ readonly binary?: IBinaryKeyData }> {
	if (call.option('raw') !== true) return {};
	const limit = readSizeLimit(call, RAW_LIMIT_MIB);
	const { uid, size, subject } = summary;
	if (size > limit) throw tooLarge(`The message with UID ${String(uid)}`, size, limit);
	const name = toFileName(`${subject === '' ? 'message' : subject}.eml`);
	const { result } = await mailbox.stream({ uid, part: null, limit }, (content) =>
		call.context.helpers.prepareBinaryData(content, name, 'message/rfc822'),
	);
	return { binary: { ...call.item.binary, raw: result } };
}
