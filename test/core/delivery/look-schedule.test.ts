import { describe, expect, it } from 'vitest';

import type { Cursor } from '../../../nodes/core/delivery/cursor';
import { laterCursor } from '../../../nodes/core/delivery/cursor';
import { nextLook } from '../../../nodes/core/delivery/look-schedule';

const NOW = 1_000_000;
const POLICY = { safetyScanMs: 300_000, longestWaitMs: 3_600_000 };
const pendingAt = (...times: number[]) =>
	times.map((notBefore, index) => ({ uid: index + 1, attempt: 1, notBefore, received: 0 }));

describe('a watched mailbox is looked at again', () => {
	it.each([
		['after the safety scan when nothing is due', [], 9, 300_000],
		['when the earliest delivery is due', [NOW + 90_000, NOW + 30_000], 9, 30_000],
		['after a pause when a delivery is due already', [NOW - 1], 9, 5_000],
		['at the safety scan when nothing is due before it', [NOW + 900_000], 9, 300_000],
		['soon when messages were left over', [], 5, 5_000],
		['soon after the clock was set back', [NOW + 9_000_000], 9, 5_000],
	])('%s', (_, times, position, expected) => {
		const cursor = { pending: pendingAt(...times), position };
		expect(nextLook(cursor, 10, NOW, POLICY)).toBe(expected);
	});
});

describe('of two cursors of a trigger', () => {
	const cursor = (position: number, more: Partial<Cursor> = {}): Cursor => ({
		account: 'neo@localhost',
		mailbox: 'INBOX',
		uidValidity: '1',
		position,
		pending: [],
		rescanBelow: 0,
		receivedFrom: 0,
		lastReceived: 0,
		rulesKey: 'a',
		...more,
	});
	const pending = pendingAt(NOW);

	it.each<[string, Cursor | undefined, Cursor | undefined, 'stored' | 'kept']>([
		['the one that is there counts', undefined, cursor(1), 'kept'],
		['the stored one counts where nothing was kept', cursor(1), undefined, 'stored'],
		['the one that is further counts', cursor(1), cursor(2), 'kept'],
		['a stored one that is further counts', cursor(3), cursor(2), 'stored'],
		['the kept one counts where both are as far', cursor(2), cursor(2, { pending }), 'kept'],
		['one of another numbering does not', cursor(1), cursor(2, { uidValidity: '2' }), 'stored'],
		['one of another mailbox does not', cursor(1), cursor(2, { mailbox: 'Done' }), 'stored'],
		['one of another account does not', cursor(1), cursor(2, { account: 'x' }), 'stored'],
	])('%s', (_, stored, kept, expected) => {
		expect(laterCursor(stored, kept)).toBe(expected === 'kept' ? kept : stored);
	});
});
