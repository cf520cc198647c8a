import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';

import { createDueTimes } from '../../../nodes/core/expected/due-times';
import type { Weekday } from '../../../nodes/core/rules/rule';

const WORKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri'];

describe('the next due time', () => {
	it.each([
		// Friday, so that Monday is next.
		['Europe/Berlin', '07:30', '2026-11-27T08:00+01:00', '2026-11-30T07:30+01:00'],
		['Europe/Berlin', '07:30', '2026-11-27T07:29+01:00', '2026-11-27T07:30+01:00'],
		['Europe/Berlin', '07:30', '2026-11-27T07:30+01:00', '2026-11-30T07:30+01:00'],
		['Asia/Kolkata', '00:00', '2026-11-24T18:00Z', '2026-11-25T00:00+05:30'],
		['Pacific/Apia', '23:59', '2026-11-24T11:00Z', '2026-11-25T23:59+13:00'],
		['America/New_York', '00:15', '2026-12-01T04:00Z', '2026-12-01T00:15-05:00'],
	])('in %s of %s after %s is %s', (zone, time, after, due) => {
		const [hour = 0, minute = 0] = time.split(':').map(Number);
		const next = createDueTimes(hour * 60 + minute, WORKDAYS, zone)(Date.parse(after));
		expect(new Date(next).toISOString()).toBe(new Date(due).toISOString());
	});

	it('is later where the clock skips it, and the second one where it comes twice', () => {
		const after = createDueTimes(150, [], 'Europe/Berlin');
		expect(after(Date.parse('2026-03-28T12:00Z'))).toBe(Date.parse('2026-03-29T03:30+02:00'));
		expect(after(Date.parse('2026-10-24T12:00Z'))).toBe(Date.parse('2026-10-25T02:30+01:00'));
	});

	it.each(['Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'UTC', 'Asia/Kathmandu'])(
		'is what a calendar library says, on each day of ten years in %s',
		(zone) => {
			const after = createDueTimes(7 * 60 + 30, WORKDAYS, zone);
			let day = DateTime.fromISO('2019-12-31T07:30', { zone });
			let due = after(day.toMillis());
			for (let count = 0; count < 2_500; count += 1) {
				do day = day.plus({ days: 1 });
				while (day.weekday > 5);
				if (due !== day.toMillis()) throw new Error(`${day.toISO() ?? ''}: ${String(due)}`);
				due = after(due);
			}
		},
	);
});
