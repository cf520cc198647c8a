import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
	advance,
	beginAttempt,
	isToLookAt,
	laterCursor,
	lookAgain,
	postpone,
	resumeCursor,
	settle,
} from '../../../nodes/core/delivery/cursor';
import type { Cursor, MailboxIdentity } from '../../../nodes/core/delivery/cursor';
import { parseStored, toStored } from '../../../nodes/core/delivery/stored-cursor';

const mailbox: MailboxIdentity = {
	account: 'neo@example.com@localhost',
	mailbox: 'INBOX',
	uidValidity: '7',
	uidNext: 101,
	isUidNextTold: true,
};
const cursor: Cursor = {
	account: mailbox.account,
	mailbox: 'INBOX',
	uidValidity: '7',
	position: 50,
	gaps: [],
	pending: [{ uid: 40, attempt: 2, notBefore: 0, received: 990_000_000 }],
	rescanBelow: 0,
	receivedFrom: 0,
	lastReceived: 1_000_000_000,
	failingSince: 0,
	rulesKey: 'rules',
};
const DAY_MS = 86_400_000;
const policy = {
	startAt: 'newMail',
	whenRulesChange: 'newMail',
	rulesKey: 'rules',
	now: 2_000_000_000,
} as const;

describe('resuming', () => {
	it('goes on where it stopped', () => {
		expect(resumeCursor(cursor, mailbox, policy)).toEqual({ cursor, change: 'continued' });
	});

	it('knows INBOX in any spelling', () => {
		expect(resumeCursor(cursor, { ...mailbox, mailbox: 'Inbox' }, policy).change).toBe('continued');
	});

	it.each([
		['newMail', 100],
		['everything', 0],
	] as const)('begins with %s at position %i', (startAt, position) => {
		const first = resumeCursor(undefined, mailbox, { ...policy, startAt });
		expect(first).toMatchObject({ change: 'first', cursor: { position, pending: [] } });
	});

	it.each([
		['another mailbox', { mailbox: 'Alerts' }],
		['another account', { account: 'smith@example.com@localhost' }],
	])('begins anew on %s', (_, change) => {
		expect(resumeCursor(cursor, { ...mailbox, ...change }, policy).change).toBe('first');
	});

	it('looks back far enough to find what was pending in a renumbered mailbox', () => {
		const old = { uid: 3, attempt: 1, notBefore: 0, received: 5_000 };
		const stored = { ...cursor, pending: [old] };
		const { cursor: next } = resumeCursor(stored, { ...mailbox, uidValidity: '8' }, policy);
		expect(isToLookAt(next, { uid: 90, received: 5_000 }, false)).toBe(true);
		expect(isToLookAt(next, { uid: 90, received: 4_999 }, false)).toBe(false);
		expect(isToLookAt(next, { uid: 90, received: 5_000 }, true)).toBe(false);
		expect(isToLookAt(next, { uid: 101, received: 0 }, true)).toBe(true);
	});

	it('reads from the start where UIDNEXT is not above what was looked at, as after a restore', () => {
		const { cursor: next, change } = resumeCursor(cursor, { ...mailbox, uidNext: 50 }, policy);
		expect(change).toBe('restored');
		expect(next).toMatchObject({ position: 0, pending: [], rescanBelow: 50 });
		expect(resumeCursor(cursor, { ...mailbox, uidNext: 51 }, policy).change).toBe('continued');
	});

	it('does not take a UIDNEXT that was only concluded for a restore', () => {
		const concluded = { ...mailbox, uidNext: 50, isUidNextTold: false };
		expect(resumeCursor(cursor, concluded, policy).change).toBe('continued');
	});

	it('does not deliver what was there before it was published when numbers change before new mail came', () => {
		const first = resumeCursor(undefined, mailbox, policy).cursor;
		const { cursor: next } = resumeCursor(first, { ...mailbox, uidValidity: '8' }, policy);
		expect(isToLookAt(next, { uid: 90, received: policy.now - DAY_MS }, false)).toBe(false);
		expect(isToLookAt(next, { uid: 90, received: policy.now + 1_000 }, false)).toBe(true);
	});

	it('is not led astray by a message with a date to come', () => {
		const stored = { ...cursor, lastReceived: policy.now + 1_000 * DAY_MS };
		const { cursor: next } = resumeCursor(stored, { ...mailbox, uidValidity: '8' }, policy);
		expect(isToLookAt(next, { uid: 90, received: policy.now }, false)).toBe(true);
	});

	it.each([
		['newMail', 'continued', 50],
		['everything', 'rulesChanged', 0],
	] as const)(
		'with changed rules for %s it is %s at position %i',
		(whenRulesChange, change, position) => {
			const other = { ...policy, whenRulesChange, rulesKey: 'others' };
			const next = resumeCursor(cursor, mailbox, other);
			expect(next).toMatchObject({
				change,
				cursor: { position, rulesKey: 'others', pending: cursor.pending },
			});
		},
	);

	it('looks again at recent mail of a renumbered mailbox, from its start', () => {
		const { cursor: next, change } = resumeCursor(cursor, { ...mailbox, uidValidity: '8' }, policy);
		expect(change).toBe('renumbered');
		expect(next).toMatchObject({ position: 0, pending: [], uidValidity: '8' });
		expect(next.receivedFrom).toBe(cursor.lastReceived - DAY_MS);
	});
});

type Step =
	| { readonly kind: 'advance'; readonly by: number; readonly matched: readonly number[] }
	| { readonly kind: 'settle'; readonly uids: readonly number[] }
	| { readonly kind: 'retry'; readonly uids: readonly number[] };

const uid = fc.integer({ min: 1, max: 200 });
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({
		kind: fc.constant('advance' as const),
		by: fc.nat(20),
		matched: fc.uniqueArray(uid),
	}),
	fc.record({ kind: fc.constant('settle' as const), uids: fc.array(uid) }),
	fc.record({ kind: fc.constant('retry' as const), uids: fc.array(uid) }),
);

function apply(state: Cursor, action: Step): Cursor {
	switch (action.kind) {
		case 'advance':
			return advance(state, {
				position: state.position + action.by,
				seen: action.matched.map((one) => ({ uid: one, received: 1 })),
				matched: new Set(action.matched),
			});
		case 'settle':
			return settle(state, new Set(action.uids));
		case 'retry':
			return beginAttempt(
				postpone(state, new Map(action.uids.map((one) => [one, 5]))),
				new Set(action.uids),
				true,
			);
	}
}

describe('whatever happens', () => {
	it('the position never goes back and a match stays pending until it is settled', () => {
		fc.assert(
			fc.property(fc.array(step), (steps) => {
				let state: Cursor = { ...cursor, pending: [] };
				const open = new Set<number>();
				for (const action of steps) {
					const next = apply(state, action);
					expect(next.position).toBeGreaterThanOrEqual(state.position);
					if (action.kind === 'advance') for (const one of action.matched) open.add(one);
					if (action.kind === 'settle') for (const one of action.uids) open.delete(one);
					state = next;
				}
				expect(state.pending.map((delivery) => delivery.uid).sort()).toEqual([...open].sort());
			}),
		);
	});

	it('a message is pending once, however often it matched', () => {
		const twice = advance(advance(cursor, page(60)), page(60));
		expect(twice.pending.filter((delivery) => delivery.uid === 60)).toHaveLength(1);
	});

	const page = (uid: number) => ({
		position: 70,
		seen: [{ uid, received: 1 }],
		matched: new Set([uid]),
	});
});

describe('static data', () => {
	it('takes a pending message that says it was received before 1970', () => {
		const seen = [{ uid: 60, received: -86_400_000 }];
		const odd = advance(cursor, { position: 70, seen, matched: new Set([60]) });
		expect(parseStored(toStored(odd))).toEqual(odd);
	});

	it('gives back what was stored', () => {
		expect(parseStored(JSON.parse(JSON.stringify(toStored(cursor))))).toEqual(cursor);
	});

	it('knows what was pending before ids had their present form, until it is settled', () => {
		const old = parseStored({ ...toStored(cursor), idForm: undefined });
		expect(old?.pending).toEqual(cursor.pending.map((entry) => ({ ...entry, hasFirstId: true })));
		if (old === undefined) return;
		const page = { position: 60, seen: [{ uid: 60, received: 1 }], matched: new Set([60]) };
		const next = parseStored(toStored(advance(old, page)));
		expect(next?.pending.map(({ uid, hasFirstId }) => [uid, hasFirstId])).toEqual([
			[40, true],
			[60, undefined],
		]);
	});

	it('reads pending deliveries that were stored as lists', () => {
		const pending = cursor.pending.map(({ uid, attempt, notBefore, received }) => [
			uid,
			attempt,
			notBefore,
			received,
		]);
		expect(parseStored({ ...toStored(cursor), pending })).toEqual(cursor);
	});

	it.each<[string, unknown]>([
		['nothing', undefined],
		['a text', 'x'],
		['an older form', { ...toStored(cursor), version: 0 }],
		['a negative position', { ...toStored(cursor), position: -1 }],
		['a position that is no number', { ...toStored(cursor), position: '50' }],
		['a position that is no whole number', { ...toStored(cursor), position: 1.5 }],
		['pending deliveries that are no list', { ...toStored(cursor), pending: {} }],
		['a pending delivery that is none', { ...toStored(cursor), pending: '1,2' }],
		['a pending delivery with a gap', { ...toStored(cursor), pending: '1,,2,3' }],
		['pending deliveries cut short', { ...toStored(cursor), pending: '1,1,2,3;4' }],
		['a missing account', { ...toStored(cursor), account: undefined }],
	])('with %s is not taken for a cursor', (_, value) => {
		expect(parseStored(value)).toBeUndefined();
	});

	it('stays small with a thousand pending deliveries', () => {
		const pending = Array.from({ length: 1000 }, (_, index) => ({
			uid: 4_000_000_000 + index,
			attempt: 3,
			notBefore: 1_800_000_000_000,
			received: 1_800_000_000_000,
		}));
		expect(JSON.stringify(toStored({ ...cursor, pending })).length).toBeLessThan(50_000);
	});
});

describe('a first look that comes late', () => {
	it('counts mail as new from when it was wanted, wherever the server has put it', () => {
		const behind = { since: 1_500_000_000, position: 80 };
		expect(resumeCursor(undefined, mailbox, { ...policy, behind }).cursor).toMatchObject({
			position: 80,
			rescanBelow: 101,
			receivedFrom: 1_500_000_000 - 60_000,
		});
	});
});

describe('of two cursors', () => {
	const at = (position: number, more: Partial<Cursor> = {}): Cursor => ({
		...cursor,
		position,
		...more,
	});

	it.each<[string, Cursor, Cursor, 'kept' | 'stored']>([
		['the one further on', at(5), at(9), 'kept'],
		['the stored one where it is further on', at(9), at(5), 'stored'],
		['the one that knows of a restored backup', at(9), at(5, { generation: 1 }), 'kept'],
		[
			'the stored one where that knows of it',
			at(5, { generation: 2 }),
			at(9, { generation: 1 }),
			'stored',
		],
		[
			'the one that knows of the renumbering',
			at(9),
			at(2, { uidValidity: '8', generation: 1 }),
			'kept',
		],
		['the stored one of another mailbox', at(5, { mailbox: 'Other' }), at(9), 'stored'],
	])('counts %s', (_, stored, kept, winner) => {
		expect(laterCursor(stored, kept)).toBe(winner === 'kept' ? kept : stored);
	});

	it('a restored backup makes one that counts more than any before it', () => {
		const again = lookAgain(at(9), { ...mailbox, uidNext: 4 }, 0);
		expect(laterCursor(at(9), parseStored(toStored(again)))).toEqual(again);
	});
});
