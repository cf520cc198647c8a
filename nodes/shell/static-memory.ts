import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../core/config/fields';
import { parseRetentionMarks } from '../core/retention';
import { parseStored, toStored } from '../core/stored-cursor';
import type { Memory, Reminders } from '../ingest/ingest';

/** The two places n8n offers for state; both are saved with the next execution. */
export interface StaticData {
	/** Of this node; n8n finds it by the node's NAME, so that a renamed node has none. */
	readonly node: IDataObject;
	/** Of the workflow: a copy under the node's id lives here, which a renamed node still finds. */
	readonly workflow: IDataObject;
	readonly nodeId: string;
}

/**
 * Memory in n8n's static data. The objects are written in place: n8n watches them, and stores them with the next
 * execution it starts, at the end of activation, or (durable cursors) at the end of the poll.
 */
export function createStaticMemory({ node, workflow, nodeId }: StaticData): Memory {
	const copy = `imapIngest:${nodeId}`;
	const load = (key: string): unknown => {
		const own = node[key];
		if (own !== undefined) return toPlain(own);
		const kept = workflow[copy];
		return isRecord(kept) ? toPlain(kept[key]) : undefined;
	};
	const save = (key: string, value: unknown): void => {
		node[key] = toPlain(value);
		const kept = workflow[copy];
		workflow[copy] = { ...(isRecord(kept) && toPlain(kept)), [key]: toPlain(value) };
	};
	return {
		loadCursor: () => parseStored(load('cursor')),
		saveCursor: (cursor) => {
			save('cursor', toStored(cursor));
		},
		loadRetention: () => parseRetentionMarks(load('retention')),
		saveRetention: (marks) => {
			save('retention', Object.fromEntries(marks));
		},
		loadReminders: () => parseReminders(load('reminders')),
		saveReminders: (reminders) => {
			save('reminders', reminders);
		},
	};
}

function parseReminders(value: unknown): Reminders {
	if (!isRecord(value)) return {};
	const { secret, heartbeatAt } = value;
	return {
		...(typeof secret === 'string' && { secret }),
		...(typeof heartbeatAt === 'number' && { heartbeatAt }),
	};
}

/** n8n hands out observed proxies; the layers below work on plain data. */
function toPlain(value: unknown): IDataObject {
	return JSON.parse(JSON.stringify(value ?? {})) as IDataObject;
}
