import { describe, expect, it } from 'vitest';

import { toExpectations } from '../../../nodes/core/expected/expectation';
import {
	judgeSilence,
	nextDeadline,
	noteArrivals,
	noteUnreadable,
} from '../../../nodes/core/expected/silence';
import type { Judged, Waiting } from '../../../nodes/core/expected/silence';
import { parseWaiting, toStoredWaiting } from '../../../nodes/core/expected/stored-silence';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';

const at = (text: string): number => Date.parse(`${text}Z`);

/** A mailbox whose state goes through its stored form with every step, as if n8n were started anew. */
class Watch {
	readonly told: string[] = [];
	private waiting: readonly Waiting[] = [];

	constructor(private expect: object) {}

	get expectations() {
		const rules = parseRules([{ Name: 'Backup', Expect: this.expect }]);
		return toExpectations(rules, () => 'Europe/Berlin');
	}

	change(expect: object): void {
		this.expect = expect;
	}

	arrive(now: string, ...times: readonly string[]): this {
		const arrivals = new Map([['Backup', times.map(at)]]);
		return this.take(noteArrivals(this.waiting, this.expectations, arrivals, at(now)));
	}

	look(now: string): this {
		return this.take(judgeSilence(this.waiting, this.expectations, at(now)));
	}

	fail(now: string): this {
		return this.take({
			waiting: noteUnreadable(this.waiting, this.expectations, at(now)),
			news: [],
		});
	}

	/** When the next alarm may be due. */
	get deadline(): string | undefined {
		const time = nextDeadline(this.waiting, this.expectations);
		return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
	}

	get size(): number {
		return toStoredWaiting(this.waiting).length;
	}

	private take({ waiting, news }: Judged): this {
		this.waiting = parseWaiting(toStoredWaiting(waiting));
		this.told.push(
			...news.map(({ event, due }) => `${event} ${new Date(due).toISOString().slice(0, 16)}`),
		);
		return this;
	}
}

describe('mail expected every 24 hours, with two of grace', () => {
	const begun = () => new Watch({ Every: '24h', Grace: '2h' }).look('2026-11-23T00:00');

	it('is missing once when none has come since it is watched, and resumes', () => {
		const watch = begun().look('2026-11-24T02:00');
		expect(watch.told).toEqual([]);
		watch.look('2026-11-24T02:01').look('2026-11-24T03:00').look('2026-11-29T03:00');
		expect(watch.told).toEqual(['missing 2026-11-24T00:00']);
		watch.arrive('2026-11-29T04:00', '2026-11-29T03:59').look('2026-11-29T04:00');
		expect(watch.told.slice(1)).toEqual(['resumed 2026-11-24T00:00']);
		expect(watch.deadline).toBe('2026-11-30T05:59');
	});

	it('that comes for the due time after all has arrived late', () => {
		const watch = begun().look('2026-11-24T03:00');
		watch.arrive('2026-11-24T04:00', '2026-11-24T03:30').look('2026-11-24T04:00');
		expect(watch.told).toEqual(['missing 2026-11-24T00:00', 'arrivedLate 2026-11-24T00:00']);
	});

	it('that arrived in time and was read late is in time', () => {
		const watch = begun();
		watch.arrive('2026-11-26T00:00', '2026-11-24T23:00', '2026-11-24T01:00', '2026-11-25T23:30');
		watch.look('2026-11-26T00:00');
		expect(watch.told).toEqual([]);
	});

	it('is not judged while more may be unread', () => {
		const watch = begun().arrive('2026-11-24T12:00', '2026-11-24T11:00');
		expect(watch.told).toEqual([]);
		watch.arrive('2026-11-24T12:00', '2026-11-24T01:00').look('2026-11-24T12:00');
		expect(watch.told).toEqual([]);
	});

	it('gets its grace after an outage in which it was due, and no second one', () => {
		const watch = begun().fail('2026-11-24T01:00').fail('2026-11-24T08:00');
		watch.look('2026-11-24T09:00').look('2026-11-24T10:59');
		expect(watch.told).toEqual([]);
		watch.fail('2026-11-24T10:59').look('2026-11-24T11:01');
		expect(watch.told).toEqual(['missing 2026-11-24T00:00']);
	});

	it('that senders held back for an outage is in time', () => {
		const watch = begun().fail('2026-11-24T01:00').look('2026-11-24T09:00');
		watch.arrive('2026-11-24T10:00', '2026-11-24T09:40').look('2026-11-24T12:00');
		expect(watch.told).toEqual([]);
	});

	it('is watched anew when the expectation changes, and forgotten with it', () => {
		const watch = begun();
		watch.change({ Every: '1h' });
		watch.look('2026-11-25T00:00').look('2026-11-25T01:10');
		expect(watch.told).toEqual([]);
		watch.change({});
		expect(watch.look('2026-11-26T00:00').size).toBe('[]'.length);
	});

	it('is not silenced by a date or a clock that was far ahead', () => {
		const watch = begun().arrive('2026-11-23T01:00', '2031-01-01T00:00').look('2026-11-24T03:00');
		expect(watch.deadline).toBe('2026-11-24T03:00');
		const ahead = new Watch({ Every: '24h' }).look('2031-01-01T00:00').look('2026-11-23T00:00');
		ahead.look('2026-11-24T00:11');
		expect(ahead.told).toEqual(['missing 2026-11-24T00:00']);
	});

	it('takes little room however much comes', () => {
		const watch = begun();
		for (let count = 0; count < 1_000; count += 1) {
			watch.arrive(
				'2026-11-23T01:00',
				new Date(at('2026-11-23T00:00') + count).toISOString().slice(0, -1),
			);
		}
		expect(watch.size).toBeLessThan(1_000);
	});
});

describe('mail expected by 07:30 from Monday to Friday', () => {
	const EXPECT = { By: '07:30', On: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], Grace: '30m' };
	/** Sunday. */
	const begun = () => new Watch(EXPECT).look('2026-11-22T12:00');
	const onMonday = () => begun().arrive('2026-11-24T03:00', '2026-11-24T02:50');

	it('is not missing at the first due time, for which it may have come before it was watched', () => {
		expect(begun().look('2026-11-23T08:00').told).toEqual([]);
		expect(begun().look('2026-11-24T07:01').told).toEqual(['missing 2026-11-24T06:30']);
	});

	it('counts once, whether it comes long before or within the grace', () => {
		const watch = onMonday().look('2026-11-24T08:00');
		watch.arrive('2026-11-25T06:59', '2026-11-25T06:58').look('2026-11-25T12:00');
		expect(watch.told).toEqual([]);
		expect(watch.look('2026-11-26T07:01').told).toEqual(['missing 2026-11-26T06:30']);
	});

	it('that comes late does not count for the next day, too', () => {
		const watch = onMonday().look('2026-11-25T07:01');
		watch.arrive('2026-11-25T09:00', '2026-11-25T08:59').look('2026-11-25T09:00');
		expect(watch.told).toEqual(['missing 2026-11-25T06:30', 'arrivedLate 2026-11-25T06:30']);
		expect(watch.look('2026-11-26T07:01').told.slice(2)).toEqual(['missing 2026-11-26T06:30']);
	});

	it('is missing once over several days, and resumes', () => {
		const watch = onMonday().look('2026-11-25T07:01').look('2026-11-27T07:01');
		watch.arrive('2026-11-30T03:00', '2026-11-30T02:58').look('2026-11-30T12:00');
		expect(watch.told).toEqual(['missing 2026-11-25T06:30', 'resumed 2026-11-25T06:30']);
	});

	it('is found missing on a day on which nobody looked, though it has come again since', () => {
		const watch = onMonday();
		watch.arrive('2026-11-26T12:00', '2026-11-26T02:55').look('2026-11-26T12:00');
		expect(watch.told).toEqual(['missing 2026-11-25T06:30', 'resumed 2026-11-25T06:30']);
	});
});

describe('what is stored', () => {
	it.each(['', '{}', '[1]', '[{"rule":"a","key":"b","due":"x","from":0,"fresh":[]}]', undefined])(
		'is left alone where it is %j',
		(text) => {
			expect(parseWaiting(text)).toEqual([]);
		},
	);
});
