import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { messageGone } from '../../../core/message/message-reference';
import type { MessageSummary } from '../../../core/message/message';
import { tooLarge } from '../../../core/message/size-limit';
import type { AttachedFile } from '../../../mail/action-ports';
import { messageField, messageOptionsField, sizeLimitOption } from '../fields';
import { openMessage } from '../open-message';
import type { OpenedMessage } from '../open-message';
import { forEachItem } from '../operation';
import type { ItemCall, Operation } from '../operation';
import { readSizeLimit } from '../read-fields';
import { createFileFilter } from './file-filter';
import { toFileName } from './file-name';

const LIMIT_MIB = 50;
const DEFAULT_PREFIX = 'attachment_';

export const DOWNLOAD_ATTACHMENTS: Operation = {
	value: 'downloadAttachments',
	name: 'Download Attachments',
	action: 'Download the attachments of a message',
	description: 'Download the attachments of a message, all or those with certain names or types',
	properties: [
		messageField(),
		messageOptionsField(
			{
				displayName: 'Field Prefix',
				name: 'prefix',
				type: 'string',
				default: DEFAULT_PREFIX,
				description: 'Name of the binary fields; a number from 0 on is added',
			},
			{
				displayName: 'File Name Pattern',
				name: 'namePattern',
				type: 'string',
				default: '',
				placeholder: 'e.g. (?i)\\.(pdf|csv)$',
				description: 'Only files whose name matches this regular expression (.NET syntax)',
			},
			{
				displayName: 'Inline Pictures',
				name: 'inlinePictures',
				type: 'boolean',
				default: false,
				description: 'Whether pictures within the text count too, such as logos of signatures',
			},
			{
				displayName: 'One Item per File',
				name: 'itemPerFile',
				type: 'boolean',
				default: false,
				description: 'Whether each file comes in an item of its own, in the field with number 0',
			},
			sizeLimitOption(LIMIT_MIB, 'Most that is downloaded of one message; more is an error'),
			{
				displayName: 'Types',
				name: 'types',
				type: 'string',
				default: '',
				placeholder: 'e.g. application/pdf, image/*',
				description: 'Only files of these comma-separated MIME types',
			},
		),
	],
	run: forEachItem(downloadAttachments),
};

/** A downloaded file as the item tells of it, and where n8n keeps its bytes. */
interface Download {
	readonly file: IDataObject;
	readonly data: IBinaryData;
}

async function downloadAttachments(call: ItemCall): Promise<readonly INodeExecutionData[]> {
	const isChosen = createFileFilter({
		namePattern: call.option('namePattern'),
		types: call.option('types'),
		inlinePictures: call.option('inlinePictures') === true,
	});
	const { item } = call;
	const opened = await openMessage(call);
	if (opened === undefined) {
		const action = { operation: 'downloadAttachments', done: false, reason: 'missing' };
		return [{ ...item, json: { ...item.json, action } }];
	}
	const { mailbox, message } = opened;
	const files = await mailbox.files(message.summary.uid);
	if (files === undefined) throw messageGone(message.summary);
	const downloads = await download(call, opened, files.filter(isChosen));
	return toItems(call, message.summary, downloads);
}

/** Refuses before the first byte what the server says is too large, and stops where it said too little. */
async function download(
	call: ItemCall,
	{ mailbox, message }: OpenedMessage,
	files: readonly AttachedFile[],
): Promise<readonly Download[]> {
	const limit = readSizeLimit(call, LIMIT_MIB);
	const { uid } = message.summary;
	const total = files.reduce((sum, { size }) => sum + size, 0);
	// Base64 takes four bytes for three, and line ends.
	const atLeast = Math.floor(total * 0.7);
	if (atLeast > limit) throw tooLarge(`What message ${String(uid)} has attached`, atLeast, limit);
	const downloads: Download[] = [];
	let left = limit;
	for (const { part, fileName, contentType } of files) {
		const name = toFileName(fileName ?? toDefaultName(part, contentType));
		const { result, bytes } = await mailbox.stream({ uid, part, limit: left }, (content) =>
			call.context.helpers.prepareBinaryData(content, name, contentType),
		);
		left -= bytes;
		downloads.push({ data: result, file: { part, fileName: name, contentType, size: bytes } });
	}
	return downloads;
}

function toDefaultName(part: string, contentType: string): string {
	return `part-${part}${contentType === 'message/rfc822' ? '.eml' : ''}`;
}

function toItems(
	call: ItemCall,
	summary: MessageSummary,
	downloads: readonly Download[],
): readonly INodeExecutionData[] {
	const given = call.option('prefix');
	const prefix = typeof given === 'string' && given !== '' ? given : DEFAULT_PREFIX;
	const { item } = call;
	const toItem = (some: readonly Download[]): INodeExecutionData => ({
		...item,
		json: { ...item.json, message: { ...summary }, files: some.map(({ file }) => file) },
		binary: {
			...item.binary,
			...Object.fromEntries(some.map(({ data }, index) => [`${prefix}${String(index)}`, data])),
		},
	});
	return call.option('itemPerFile') === true
		? downloads.map((one) => toItem([one]))
		: [toItem(downloads)];
}
