import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';

import type { Cursor } from '../../../nodes/core/delivery/cursor';
import { createStaticMemory } from '../../../nodes/ImapIngest/trigger/static-memory';

const cursor: Cursor = {
	account: 'neo@example.com@localhost',
	mailbox: 'INBOX',
	uidValidity: '7',
	position: 50,
	gaps: [],
	pending: [{ uid: 40, attempt: 2, notBefore: 3, received: 4 }],
	rescanBelow: 0,
	receivedFrom: 0,
	lastReceived: 9,
	failingSince: 0,
	rulesKey: 'rules',
};

const OWNER = { account: 'neo@example.com@localhost', isOneOfMany: false };

/** What n8n reads back from its database. */
const reload = (data: IDataObject): IDataObject => JSON.parse(JSON.stringify(data)) as IDataObject;

describe('memory in static data', () => {
	it('gives back what was saved', () => {
		const [node, workflow] = [{}, {}];
		const memory = createStaticMemory({ node, workflow, nodeId: 'a', ...OWNER });
		memory.saveCursor(cursor);
		memory.saveReminders({ secret: 'key', heartbeatAt: 5 });
		memory.saveRetention(
			new Map([['Done', { uidValidity: '1', marks: [{ day: 1, uidNext: 5 }] }]]),
		);
		const again = createStaticMemory({ node: reload(node), workflow: {}, nodeId: 'a', ...OWNER });
		expect(again.loadCursor()).toEqual(cursor);
		expect(again.loadReminders()).toEqual({ secret: 'key', heartbeatAt: 5 });
		expect(again.loadRetention().get('Done')?.marks).toEqual([{ day: 1, uidNext: 5 }]);
	});

	it('is found by a node that was renamed, and by no other node', () => {
		const workflow = {};
		createStaticMemory({ node: {}, workflow, nodeId: 'a', ...OWNER }).saveCursor(cursor);
		const renamed = createStaticMemory({
			node: {},
			workflow: reload(workflow),
			nodeId: 'a',
			...OWNER,
		});
		const other = createStaticMemory({
			node: {},
			workflow: reload(workflow),
			nodeId: 'b',
			...OWNER,
		});
		expect(renamed.loadCursor()).toEqual(cursor);
		expect(other.loadCursor()).toBeUndefined();
	});

	it('starts empty where the static data is nonsense', () => {
		const node = { cursor: 'x', retention: 7, reminders: [1] };
		const memory = createStaticMemory({
			node,
			workflow: { 'imapIngest:a': 'y' },
			nodeId: 'a',
			...OWNER,
		});
		expect(memory.loadCursor()).toBeUndefined();
		expect(memory.loadRetention()).toEqual(new Map());
		expect(memory.loadReminders()).toEqual({});
	});
});

describe('memory of a node that watches a list of users', () => {
	const LISTED = { ...OWNER, isOneOfMany: true };
	const OTHER = { account: 'trinity@example.com@localhost', isOneOfMany: true };
	const open = (data: { node: IDataObject; workflow: IDataObject }, owner: typeof OWNER) =>
		createStaticMemory({ ...data, nodeId: 'a', ...owner });
	const places = () => ({ node: {} as IDataObject, workflow: {} as IDataObject });

	it('keeps each account apart', () => {
		const data = places();
		open(data, LISTED).saveCursor(cursor);
		const other = { ...cursor, account: OTHER.account, position: 3 };
		open(data, OTHER).saveCursor(other);
		expect(open(data, LISTED).loadCursor()).toEqual(cursor);
		expect(open(data, OTHER).loadCursor()).toEqual(other);
	});

	it.each([
		['got a list', OWNER, LISTED],
		['lost its list', LISTED, OWNER],
	])('is found where the node %s, and newer memory is not hidden by older', (_, before, after) => {
		const data = places();
		open(data, before).saveCursor(cursor);
		open(data, before).saveReminders({ heartbeatAt: 5 });
		const memory = open(data, after);
		expect(memory.loadCursor()).toEqual(cursor);
		memory.saveCursor({ ...cursor, position: 60 });
		expect(memory.loadReminders()).toEqual({ heartbeatAt: 5 });
		expect(open(data, before).loadCursor()?.position).toBe(60);
		const renamed = { node: {}, workflow: reload(data.workflow) };
		expect(open(renamed, after).loadCursor()?.position).toBe(60);
	});

	it('has nothing of another account in it', () => {
		const data = places();
		open(data, OWNER).saveCursor(cursor);
		open(data, OWNER).saveReminders({ heartbeatAt: 5 });
		expect(open(data, OTHER).loadCursor()).toBeUndefined();
		expect(open(data, OTHER).loadReminders()).toEqual({});
	});
});
