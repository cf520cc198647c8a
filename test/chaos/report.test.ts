import { describe, expect, it } from 'vitest';

import type { Arrival } from './chaos-webhook';
import { Journal } from './journal';
import { isClean, putTable, toRows } from './report';
import type { RoundResult } from './round';

const GOOD: RoundResult = {
	fault: 'reset',
	mails: 11,
	struck: true,
	recovery: 2,
	lost: [],
	duplicates: 1,
	differentIds: [],
	quarantined: 0,
	misplaced: [],
	silent: 0,
};

const arrival = (token: string, deliveryId: string, accepted = true): Arrival => ({
	token,
	deliveryId,
	accepted,
	at: 0,
});

describe('the journal', () => {
	it('does not take a refused arrival for a delivery', () => {
		const journal = new Journal([arrival('a', '1', false)]);
		expect(journal.isAccepted('a')).toBe(false);
		expect(journal.isAccepted('b')).toBe(false);
	});

	it('counts what was accepted, also what arrives later', () => {
		const arrivals = [arrival('a', '1')];
		const journal = new Journal(arrivals);
		expect(journal.countAccepted('a')).toBe(1);
		arrivals.push(arrival('a', '1'));
		expect(journal.countAccepted('a')).toBe(2);
		expect(journal.hasDifferentIds('a')).toBe(false);
	});

	it.each<[string, readonly Arrival[]]>([
		['one mail under two ids', [arrival('a', '1', false), arrival('a', '2')]],
		['two mails under one id', [arrival('b', '1'), arrival('a', '1')]],
	])('notices %s', (_case, arrivals) => {
		expect(new Journal(arrivals).hasDifferentIds('a')).toBe(true);
	});
});

describe('the report', () => {
	it.each<[string, Partial<RoundResult>]>([
		['a lost mail', { lost: ['a'] }],
		['a mail under two ids', { differentIds: ['a'] }],
		['a mail in the wrong place', { misplaced: ['a is in no mailbox'] }],
		['a mail that was given up in silence', { silent: 1 }],
	])('is not clean with %s', (_case, breach) => {
		expect(isClean([GOOD])).toBe(true);
		expect(isClean([GOOD, { ...GOOD, ...breach }])).toBe(false);
	});

	it('sums up by fault and counts only faults that struck', () => {
		const missed = { ...GOOD, struck: false, recovery: 0 };
		const other = { ...GOOD, fault: 'stall', recovery: 7, lost: ['a'] };
		expect(toRows([GOOD, missed, other])).toMatchObject([
			{ fault: 'reset', faults: 1, mails: 22, duplicates: 2, recovery: [2, 2] },
			{ fault: 'stall', faults: 1, mails: 11, lost: 1, recovery: [7, 7] },
			{ fault: '**all**', faults: 2, mails: 33, lost: 1, recovery: [7, 7] },
		]);
	});

	it('takes the place of the last one in the document and leaves the rest alone', () => {
		const document = 'before\n<!-- results -->\nold\n<!-- end of results -->\nafter\n';
		const once = putTable(document, [GOOD]);
		expect(once).toMatch(/^before\n[^]*\| reset \| 1 \| 11 \|[^]*\nafter\n$/);
		expect(once).not.toContain('old');
		expect(putTable(once, [GOOD])).toBe(once);
		expect(() => putTable('nothing', [GOOD])).toThrow(/no place/);
	});
});
