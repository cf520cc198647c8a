import { describe, expect, it } from 'vitest';

import { toExpectations } from '../../../nodes/core/expected/expectation';
import type { Expectation } from '../../../nodes/core/expected/expectation';
import { judgeSilence, noteArrivals, noteUnreadable } from '../../../nodes/core/expected/silence';
import type { Judged, Waiting } from '../../../nodes/core/expected/silence';
import { parseWaiting, toStoredWaiting } from '../../../nodes/core/expected/stored-silence';
import { parseRules } from '../../../nodes/core/rules/json/alertmagic';

const HOUR = 3_600_000;
const LOOK_EVERY = HOUR / 2;
const GRACE = 0.75 * HOUR;
const BEGIN = Date.parse('2000-01-01T00:00Z');
const DAYS = 10_000;
const EXPECT = { By: '07:30', On: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], Grace: '45m' };

type Span = readonly [from: number, to: number];

/** What happens around a due time. */
interface Day {
	readonly due: number;
	/** When its mail arrives, if it does. */
	readonly arrival: number | undefined;
	readonly isInTime: boolean;
	/** The mail server is down, and senders hold mail back. */
	readonly down?: Span;
	/** Nobody looks. */
	readonly away?: Span;
	/** How far the clock of n8n is ahead: for the whole day, or for some hours before the mail is due. */
	readonly clockBy?: number;
	readonly clockBefore?: number;
}

/** Chance that always gives the same (mulberry32). */
class Chance {
	constructor(private state: number) {}

	/** A number in [0, 1). */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}

	/** Milliseconds, given in hours. */
	hours(low: number, high: number): number {
		return Math.round((low + this.next() * (high - low)) * HOUR);
	}
}

/** When the mail is sent: two hours before it is due, within its grace, late, or never. */
function planMail(due: number, chance: Chance): number | undefined {
	const fate = chance.next();
	if (fate < 0.85) return due - chance.hours(1.7, 2.3);
	if (fate < 0.88) return due + chance.hours(0.1, 0.7);
	return fate < 0.93 ? due + chance.hours(1, 4) : undefined;
}

function planDay(due: number, chance: Chance): Day {
	const arrival = planMail(due, chance);
	const plain = { due, arrival, isInTime: arrival !== undefined && arrival <= due + GRACE };
	const kind = chance.next();
	if (kind < 0.05) return planOutage(plain, chance);
	if (kind < 0.08) {
		const from = due - chance.hours(0, 10);
		return { ...plain, away: [from, from + chance.hours(1, 12)] };
	}
	if (kind < 0.1) return { ...plain, clockBefore: -chance.hours(0, 24) };
	return kind < 0.3 ? { ...plain, clockBy: -chance.hours(0, 0.025) } : plain;
}

/** Senders hold mail back until the server is up; what was due meanwhile has its grace from then on. */
function planOutage({ due, arrival: sent }: Day, chance: Chance): Day {
	const from = due + (chance.next() < 0.7 ? -chance.hours(0, 5) : chance.hours(1.5, 3));
	const to = from + chance.hours(0.5, 5);
	const isHeld = sent !== undefined && sent >= from && sent < to;
	const arrival = isHeld ? to + chance.hours(0, 0.35) : sent;
	return { due, arrival, isInTime: isTaken(due, [from, to], arrival), down: [from, to] };
}

function isTaken(due: number, [from, to]: Span, arrival = Infinity): boolean {
	if (arrival <= due + GRACE) return true;
	const [failed, up] = [lookFrom(from), lookFrom(to)];
	const isPutOff = failed < up && failed <= due + GRACE && up > due;
	return isPutOff && arrival >= up - LOOK_EVERY && arrival <= up + GRACE;
}

/** The first look at a time or after it. */
function lookFrom(time: number): number {
	return BEGIN + Math.ceil((time - BEGIN) / LOOK_EVERY) * LOOK_EVERY;
}

const isWithin = (time: number, [from, to]: Span = [0, 0]): boolean => time >= from && time < to;

/** A trigger that looks every half an hour, and what it tells. */
class Trigger {
	readonly told: string[] = [];
	private waiting: readonly Waiting[] = [];
	private unread: number[] = [];
	private time = BEGIN;

	constructor(
		private readonly expectations: readonly Expectation[],
		private readonly chance: Chance,
	) {
		this.take(judgeSilence([], expectations, BEGIN));
	}

	/** Lives through a day until `end`. */
	live(day: Day, end: number): void {
		if (day.arrival !== undefined) this.unread.push(day.arrival);
		for (; this.time < end; this.time += LOOK_EVERY) {
			if (!isWithin(this.time, day.away)) this.look(day);
		}
	}

	private look({ due, down, clockBy = 0, clockBefore = 0 }: Day): void {
		const { time, expectations } = this;
		const isBefore = isWithin(time, [due - 6 * HOUR, due - HOUR]);
		const now = time + clockBy + (isBefore ? clockBefore : 0);
		if (isWithin(time, down)) {
			this.take({ waiting: noteUnreadable(this.waiting, expectations, now), news: [] });
			return;
		}
		const read = this.unread.filter((arrival) => arrival <= time);
		this.unread = this.unread.filter((arrival) => arrival > time);
		const arrivals = new Map([['Backup', read]]);
		if (read.length > 0) this.take(noteArrivals(this.waiting, expectations, arrivals, now));
		this.take(judgeSilence(this.waiting, expectations, now));
	}

	private take({ waiting, news }: Judged): void {
		const isRestarted = this.chance.next() < 0.05;
		this.waiting = isRestarted ? parseWaiting(toStoredWaiting(waiting)) : waiting;
		this.told.push(...news.map(({ event, due }) => toWords(event, due)));
	}
}

const toWords = (event: string, due: number): string => `${event} ${new Date(due).toISOString()}`;

/** What has to be told of days: a gap once, until mail comes again. */
function expectOf(days: readonly Day[]): readonly string[] {
	const told: string[] = [];
	let gap: number | undefined;
	for (const { due, isInTime, arrival } of days) {
		if (!isInTime && gap === undefined) {
			told.push(toWords('missing', due));
			gap = due;
		}
		if (gap === undefined || arrival === undefined) continue;
		told.push(toWords(!isInTime && gap === due ? 'arrivedLate' : 'resumed', gap));
		gap = undefined;
	}
	return told;
}

describe('10,000 days of a mail that is due by 07:30 on workdays in Berlin', () => {
	it('with outages, restarts, summer time and clocks that are set back raise no false alarm and miss none', () => {
		const rules = parseRules([{ Name: 'Backup', Expect: EXPECT }]);
		const expectations = toExpectations(rules, () => 'Europe/Berlin');
		const [expectation] = expectations;
		if (expectation?.schedule.kind !== 'by') throw new Error('A time of day is expected.');
		const { after } = expectation.schedule;
		const chance = new Chance(19);
		const trigger = new Trigger(expectations, chance);
		const days: Day[] = [];
		// Nothing is told of the first due time.
		for (let due = after(after(BEGIN)); due < BEGIN + DAYS * 24 * HOUR; due = after(due)) {
			const day = planDay(due, chance);
			// What happens to a day is over before the mail of the next one.
			trigger.live(day, due + 12 * HOUR);
			days.push(day);
		}
		const expected = expectOf(days);
		expect(days.length).toBeGreaterThan(7_000);
		expect(expected.length).toBeGreaterThan(500);
		expect(trigger.told).toEqual(expected);
	});
});
