import { describe, expect, it } from 'vitest';

import { planEffects, toCleanUpEffects } from '../../../nodes/core/delivery/effect-plan';
import type { CleanUpEffect, Effect } from '../../../nodes/core/delivery/effect-plan';
import type { CleanUp } from '../../../nodes/core/rules/rule';

const SEEN: Effect = { kind: 'addFlag', flag: '\\Seen' };
const DELETE: Effect = { kind: 'delete' };
const ACKNOWLEDGE = { kind: 'acknowledge', required: true } as const;
const move = (folder: string): Effect => ({ kind: 'move', folder });
const copy = (folder: string): Effect => ({ kind: 'copy', folder });

/** Items in order, each as its UID and what it asks for. */
const plan = (...items: ReadonlyArray<readonly [number, ...Effect[]]>) =>
	planEffects(items.map(([uid, ...effects], itemIndex) => ({ itemIndex, uid, effects }))).map(
		({ effect, targets }) => [effect, targets.map(({ itemIndex, uid }) => `${itemIndex}:${uid}`)],
	);

describe('planning effects', () => {
	it('makes one step of the same effect on several messages', () => {
		expect(plan([7, SEEN], [9, SEEN])).toEqual([[SEEN, ['0:7', '1:9']]]);
	});

	it('makes a step for each folder', () => {
		expect(plan([7, move('A')], [8, move('B')], [9, move('A')])).toEqual([
			[move('A'), ['0:7', '2:9']],
			[move('B'), ['1:8']],
		]);
	});

	it('marks and copies before anything is taken away', () => {
		expect(plan([7, DELETE], [8, move('A')], [7, copy('B')], [8, SEEN])).toEqual([
			[SEEN, ['3:8']],
			[copy('B'), ['2:7']],
			[move('A'), ['1:8']],
			[DELETE, ['0:7']],
		]);
	});

	it('takes a message away as the first item that asks for it says', () => {
		expect(plan([7, move('A')], [7, DELETE], [7, move('B')])).toEqual([
			[move('A'), ['0:7', '1:7', '2:7']],
		]);
	});

	it('copies a message to every folder that is asked for', () => {
		expect(plan([7, copy('A')], [7, copy('B')])).toEqual([
			[copy('A'), ['0:7']],
			[copy('B'), ['1:7']],
		]);
	});

	it('does not mark what is taken away', () => {
		expect(plan([7, ACKNOWLEDGE], [7, DELETE])).toEqual([[DELETE, ['1:7']]]);
	});

	it('has nothing to do for an item that asks for nothing', () => {
		expect(plan([7])).toEqual([]);
	});
});

describe('effects of a clean-up', () => {
	it.each<CleanUpEffect>([ACKNOWLEDGE, { kind: 'remember', keyword: '$IngestDone_1' }])(
		'mark a message that stays: %j',
		(mark) => {
			const effectsOf = (cleanUp: CleanUp) => toCleanUpEffects(cleanUp, mark);
			expect(effectsOf({ action: 'none' })).toEqual([mark]);
			expect(effectsOf({ action: 'markAsRead' })).toEqual([SEEN, mark]);
			expect(effectsOf({ action: 'flag' })).toEqual([{ kind: 'addFlag', flag: '\\Flagged' }, mark]);
		},
	);

	it.each<[CleanUp, Effect]>([
		[{ action: 'delete' }, DELETE],
		[{ action: 'moveToFolder', folder: 'A', deleteAfterDays: 3 }, move('A')],
	])('do not mark what goes away: %j', (cleanUp, effect) => {
		expect(toCleanUpEffects(cleanUp, ACKNOWLEDGE)).toEqual([effect]);
	});
});
