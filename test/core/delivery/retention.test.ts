import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { CleanUp, Rule } from '../../../nodes/core/rules/rule';
import {
	addMark,
	expiredBelow,
	parseRetentionMarks,
	retentionTargets,
} from '../../../nodes/core/delivery/retention';
import type { RetentionMarks } from '../../../nodes/core/delivery/retention';

const rule = (cleanUp: CleanUp): Rule => ({
	name: 'R',
	filter: {},
	captures: { from: [], subject: [], body: [] },
	whenMissing: 'leaveOut',
	cleanUp,
});
const move = (folder: string, deleteAfterDays?: number): Rule =>
	rule({
		action: 'moveToFolder',
		folder,
		...(deleteAfterDays !== undefined && { deleteAfterDays }),
	});

describe('folders with a retention', () => {
	it('are those of moves with a number of days, the longer one where two rules differ', () => {
		const rules = [move('Done', 30), move('Done', 90), move('Kept'), rule({ action: 'delete' })];
		expect(retentionTargets(rules)).toEqual([{ folder: 'Done', days: 90 }]);
	});
});

describe('marks', () => {
	it('delete nothing before a mark is older than the days', () => {
		const marks = addMark(undefined, { uidValidity: '1', uidNext: 10 }, 100, 30);
		expect(expiredBelow(marks, 130, 30)).toBeUndefined();
		expect(expiredBelow(marks, 131, 30)).toBe(10);
	});

	it('are forgotten when the folder was renumbered', () => {
		const marks = addMark(undefined, { uidValidity: '1', uidNext: 10 }, 100, 30);
		const anew = addMark(marks, { uidValidity: '2', uidNext: 3 }, 101, 30);
		expect(anew).toEqual({ uidValidity: '2', marks: [{ day: 101, uidNext: 3 }] });
	});

	it('never delete too early, delete late by a thirtieth at most, and stay few', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 400 }),
				fc.array(fc.nat(3), { maxLength: 900 }),
				(days, arrivals) => {
					let uidNext = 1;
					let marks: RetentionMarks | undefined;
					const arrivedOn: number[] = [];
					for (const [day, count] of arrivals.entries()) {
						for (let index = 0; index < count; index += 1) arrivedOn[uidNext++] = day;
						marks = addMark(marks, { uidValidity: '1', uidNext }, day, days);
						expect(marks.marks.length).toBeLessThanOrEqual(32);
						const below = expiredBelow(marks, day, days) ?? 0;
						const slack = Math.ceil(days / 30) + 1;
						for (let uid = 1; uid < uidNext; uid += 1) {
							const age = day - (arrivedOn[uid] ?? day);
							if (uid < below) expect(age).toBeGreaterThan(days);
							else expect(age).toBeLessThanOrEqual(days + slack);
						}
					}
				},
			),
			{ numRuns: 20 },
		);
	});

	it('survive static data, and what is not in order is forgotten', () => {
		const marks = { uidValidity: '1', marks: [{ day: 1, uidNext: 5 }] };
		expect(
			parseRetentionMarks({ Done: marks, Bad: 7, Worse: { uidValidity: 1, marks: [] } }),
		).toEqual(new Map([['Done', marks]]));
		expect(parseRetentionMarks('nonsense')).toEqual(new Map());
	});
});
