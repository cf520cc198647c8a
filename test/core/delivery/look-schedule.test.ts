import { describe, expect, it } from 'vitest';

import type { Cursor } from '../../../nodes/core/delivery/cursor';
import { laterCursor } from '../../../nodes/core/delivery/cursor';
import { holdUp, nextLook, STEADY_PACE } from '../../../nodes/core/delivery/look-schedule';

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
		gaps: [],
		pending: [],
		rescanBelow: 0,
		receivedFrom: 0,
		lastReceived: 0,
		rulesKey: 'a',
		failingSince: 0,
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

describe('a look after one that found nothing', () => {
	const vain = { isFruitful: false, isAnnounced: false, elapsedMs: 200 };

	it.each([
		['is held up for the rest of a second', vain, 800],
		[
			'is held up for a second at most where the clock was set back',
			{ ...vain, elapsedMs: -5_000 },
			1_000,
		],
		['comes at once where the server has announced mail', { ...vain, isAnnounced: true }, 0],
		['comes at once when a second has passed', { ...vain, elapsedMs: 1_000 }, 0],
		['comes at once where something was found after all', { ...vain, isFruitful: true }, 0],
	])('%s', (_, look, restMs) => {
		expect(holdUp(STEADY_PACE, look).restMs).toBe(restMs);
	});

	it('is held up also where the server announces mail all the time, and somebody is told once', () => {
		let pace = STEADY_PACE;
		const rests: number[] = [];
		let alarms = 0;
		for (let look = 0; look < 20; look += 1) {
			const next = holdUp(pace, { ...vain, isAnnounced: true });
			pace = next.pace;
			rests.push(next.restMs);
			if (next.isAlarming) alarms += 1;
		}
		expect(rests.slice(0, 4)).toEqual([0, 0, 0, 800]);
		expect(rests.slice(3).every((rest) => rest === 800)).toBe(true);
		expect(alarms).toBe(1);
	});
});
