import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { auditCursor } from '../../../nodes/core/delivery/audit';
import {
	formatGaps,
	gapsBetween,
	moveOn,
	parseGaps,
	toRanges,
} from '../../../nodes/core/delivery/gaps';

describe('gaps', () => {
	it.each([
		['nothing is missing', 4, 6, [5, 6], []],
		['one is missing in between', 4, 7, [5, 7], [{ from: 6, to: 6 }]],
		['all are missing', 4, 7, [], [{ from: 5, to: 7 }]],
		['the position does not go on', 4, 4, [], []],
		[
			'both ends are missing',
			0,
			5,
			[3],
			[
				{ from: 1, to: 2 },
				{ from: 4, to: 5 },
			],
		],
	])('where %s', (_, position, upTo, seen, gaps) => {
		expect(gapsBetween(position, upTo, seen)).toEqual(gaps);
	});

	it('close with what was looked at afterwards, and stay with what was not', () => {
		const gaps = moveOn([{ from: 3, to: 6 }], { position: 9, upTo: 9, seen: [4, 5] });
		expect(gaps).toEqual([
			{ from: 3, to: 3 },
			{ from: 6, to: 6 },
		]);
	});

	it('survive static data', () => {
		const uid = fc.integer({ min: 1, max: 4_294_967_295 });
		fc.assert(
			fc.property(fc.uniqueArray(uid), (uids) => {
				const ranges = toRanges(uids.sort((a, b) => a - b));
				expect(parseGaps(formatGaps(ranges))).toEqual(ranges);
			}),
		);
	});

	it.each([undefined, 7, '', '3', '3:x', '7:3', '1:2;3:4'])('are none in %j', (stored) => {
		expect(parseGaps(stored)).toEqual([]);
	});
});

describe('an audit', () => {
	const cursor = { position: 9, gaps: [{ from: 4, to: 5 }], lastReceived: 100 };
	const recent = new Map([
		[8, 90],
		[9, 100],
	]);
	const audit = (...received: Array<[number, number]>) =>
		auditCursor(cursor, new Map(received), recent);

	it.each<[string, Array<[number, number]>, number[], boolean]>([
		[
			'what was looked at',
			[
				[8, 90],
				[9, 100],
			],
			[],
			false,
		],
		['an empty mailbox', [], [], false],
		['the newest of long ago', [[3, 7]], [], false],
		[
			'a message in a gap',
			[
				[5, 50],
				[9, 100],
			],
			[5],
			false,
		],
		[
			'messages above the position',
			[
				[11, 120],
				[10, 110],
			],
			[10, 11],
			false,
		],
		['a UID that has become that of another message', [[9, 101]], [], true],
		['a young message under an old UID', [[7, 101]], [], true],
	])('that sees %s', (_, received, unseen, isReplaced) => {
		expect(audit(...received)).toEqual({ unseen, isReplaced });
	});

	it('takes old mail for what it is as long as nothing was looked at', () => {
		const first = { ...cursor, lastReceived: 0 };
		expect(auditCursor(first, new Map([[9, 5]]), new Map()).isReplaced).toBe(false);
	});
});
