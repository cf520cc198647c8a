import type { IDataObject } from 'n8n-workflow';

import { parseRetentionMarks } from '../core/retention';
import { parseStored, toStored } from '../core/stored-cursor';
import type { Memory } from '../ingest/ingest';

/**
 * Memory in n8n's static data of the node. The object is written in place: n8n watches it, and stores it with the next
 * execution it starts, at the end of activation, or (durable cursors) at the end of the poll.
 */
export function createStaticMemory(staticData: IDataObject): Memory {
	return {
		loadCursor: () => parseStored(toPlain(staticData['cursor'])),
		saveCursor: (cursor) => {
			staticData['cursor'] = { ...toStored(cursor) };
		},
		loadRetention: () => parseRetentionMarks(toPlain(staticData['retention'])),
		saveRetention: (marks) => {
			staticData['retention'] = toPlain(Object.fromEntries(marks));
		},
	};
}

/** n8n hands out observed proxies; the layers below work on plain data. */
function toPlain(value: unknown): IDataObject {
	return JSON.parse(JSON.stringify(value ?? {})) as IDataObject;
}
