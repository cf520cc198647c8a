import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cursor } from '../../../nodes/core/cursor';
import { createStaticMemory } from '../../../nodes/shell/static-memory';

const cursor: Cursor = {
	account: 'neo@example.com@localhost',
	mailbox: 'INBOX',
	uidValidity: '7',
	position: 50,
	pending: [{ uid: 40, attempt: 2, notBefore: 3, received: 4 }],
	rescanBelow: 0,
	receivedFrom: 0,
	lastReceived: 9,
	rulesKey: 'rules',
};

/** What n8n reads back from its database. */
const reload = (data: IDataObject): IDataObject => JSON.parse(JSON.stringify(data)) as IDataObject;

describe('memory in static data', () => {
	it('gives back what was saved', () => {
		const [node, workflow] = [{}, {}];
		const memory = createStaticMemory({ node, workflow, nodeId: 'a' });
		memory.saveCursor(cursor);
		memory.saveReminders({ secret: 'key', heartbeatAt: 5 });
		memory.saveRetention(
			new Map([['Done', { uidValidity: '1', marks: [{ day: 1, uidNext: 5 }] }]]),
		);
		const again = createStaticMemory({ node: reload(node), workflow: {}, nodeId: 'a' });
		expect(again.loadCursor()).toEqual(cursor);
		expect(again.loadReminders()).toEqual({ secret: 'key', heartbeatAt: 5 });
		expect(again.loadRetention().get('Done')?.marks).toEqual([{ day: 1, uidNext: 5 }]);
	});

	it('is found by a node that was renamed, and by no other node', () => {
		const workflow = {};
		createStaticMemory({ node: {}, workflow, nodeId: 'a' }).saveCursor(cursor);
		const renamed = createStaticMemory({ node: {}, workflow: reload(workflow), nodeId: 'a' });
		const other = createStaticMemory({ node: {}, workflow: reload(workflow), nodeId: 'b' });
		expect(renamed.loadCursor()).toEqual(cursor);
		expect(other.loadCursor()).toBeUndefined();
	});

	it('starts empty where the static data is nonsense', () => {
		const node = { cursor: 'x', retention: 7, reminders: [1] };
		const memory = createStaticMemory({ node, workflow: { 'imapIngest:a': 'y' }, nodeId: 'a' });
		expect(memory.loadCursor()).toBeUndefined();
		expect(memory.loadRetention()).toEqual(new Map());
		expect(memory.loadReminders()).toEqual({});
	});
});
