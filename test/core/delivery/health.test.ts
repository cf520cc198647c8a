import { describe, expect, it } from 'vitest';

import { expiryReminder, severityOf } from '../../../nodes/core/delivery/health';

const DAY_MS = 86_400_000;
const EXPIRES = '2027-01-31';
const daysBefore = (days: number): number => Date.parse(EXPIRES) - days * DAY_MS;

/** Reminders given when somebody looks on each of these days before the end. */
function remindersOn(days: readonly number[]): number[] {
	let key: string | undefined;
	return days.filter((day) => {
		const due = expiryReminder(EXPIRES, daysBefore(day), key);
		key = due?.key ?? key;
		return due !== undefined;
	});
}

const countdown = (from: number, to: number): number[] =>
	Array.from({ length: from - to + 1 }, (_, index) => from - index);

describe('the reminder of a client secret that expires', () => {
	it('comes 30, 14, 7, 3 and 1 days before and daily when it is past', () => {
		expect(remindersOn(countdown(60, -3))).toEqual([30, 14, 7, 3, 1, 0, -1, -2, -3]);
	});

	it('is made up for when nobody looked on the day', () => {
		expect(remindersOn([40, 20, 10, 2])).toEqual([20, 10, 2]);
	});

	it('comes once, however often somebody looks', () => {
		expect(remindersOn([7, 7, 7])).toEqual([7]);
	});

	it('begins anew with another date', () => {
		const first = expiryReminder(EXPIRES, daysBefore(7), undefined);
		expect(expiryReminder('2027-02-01', daysBefore(6), first?.key)).toMatchObject({
			event: { daysLeft: 7, on: '2027-02-01' },
		});
	});

	it('does not come where no date was noted', () => {
		expect(expiryReminder(undefined, daysBefore(1), undefined)).toBeUndefined();
	});

	it.each([
		[3, 'warning'],
		[0, 'error'],
		[-5, 'error'],
	] as const)('with %i days left is of severity %s', (daysLeft, severity) => {
		expect(severityOf({ event: 'secretExpires', on: EXPIRES, daysLeft })).toBe(severity);
	});
});
