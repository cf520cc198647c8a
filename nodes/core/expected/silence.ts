import type { Expectation } from './expectation';

/** What is remembered of the mail that a rule expects. All times are epoch milliseconds. */
export interface Waiting {
	readonly rule: string;
	/** That of its expectation. */
	readonly key: string;
	/** What is waited for. */
	readonly due: number;
	/** Mail up to here counts for what was due before. */
	readonly from: number;
	/** The last arrival. */
	readonly seen?: number;
	/** How long before its due time a mail came last. */
	readonly lead?: number;
	/** The first due time that was missed, until mail comes again. */
	readonly gap?: number;
	/** When the mailbox could no longer be read, when that was tried last, and when it could again. */
	readonly downAt?: number;
	readonly failedAt?: number;
	readonly upAt?: number;
	/** Arrivals that are not accounted for yet, since more may be read. */
	readonly fresh: readonly number[];
}

/** What people are told of it; times are epoch milliseconds. */
export type SilenceNews =
	| {
			readonly event: 'missing';
			readonly expected: Expectation;
			readonly due: number;
			readonly lastSeen: number | undefined;
	  }
	| {
			/** `arrivedLate`: for the due time that was missed; `resumed`: for a later one. */
			readonly event: 'arrivedLate' | 'resumed';
			readonly expected: Expectation;
			/** The first due time that was missed. */
			readonly due: number;
			readonly arrived: number;
	  };

/** What is remembered from now on, and what to tell. */
export interface Judged {
	readonly waiting: readonly Waiting[];
	readonly news: readonly SilenceNews[];
}

/** Clocks that differ by more are wrong: a date far ahead must not buy silence. */
const FAR_MS = 172_800_000;
/** The time of day of one weekday comes once a week, and the one after the next may be waited for. */
const TWO_WEEKS_MS = 1_209_600_000;

/** Arrivals of a rule that are kept until the whole mailbox is read: bounds the cursor. */
const MOST_FRESH = 50;

/** Notes arrivals (epoch milliseconds, by rule) while more mail may still be unread. */
export function noteArrivals(
	waiting: readonly Waiting[],
	expectations: readonly Expectation[],
	arrivals: ReadonlyMap<string, readonly number[]>,
	now: number,
): Judged {
	return judgeEach(waiting, expectations, (known, expected) => {
		const arrived = (arrivals.get(known.rule) ?? []).map((time) =>
			time > now + FAR_MS ? now : time,
		);
		if (arrived.length === 0) return known;
		const fresh = [...known.fresh, ...arrived].sort((left, right) => left - right);
		return new Judging(expected, { ...known, fresh }).arrive(fresh.length - MOST_FRESH);
	});
}

/**
 * Tells what is missing once all mail was read that had come by `now`. What is expected for the first time is watched from
 * now on; what is expected no more is forgotten.
 */
export function judgeSilence(
	waiting: readonly Waiting[],
	expectations: readonly Expectation[],
	now: number,
): Judged {
	const byRule = new Map(waiting.map((known) => [known.rule, known]));
	const current = expectations.map((expected) => {
		const known = byRule.get(expected.rule);
		return known?.key === expected.key && isPlausible(known, expected, now)
			? known
			: begin(expected, now);
	});
	return judgeEach(current, expectations, (known, expected) =>
		new Judging(expected, toReadable(known, now)).arrive(Number.POSITIVE_INFINITY).check(now),
	);
}

/** The mailbox cannot be read; what is due in the meantime gets its grace once it can. */
export function noteUnreadable(
	waiting: readonly Waiting[],
	expectations: readonly Expectation[],
	now: number,
): readonly Waiting[] {
	const grace = new Map(expectations.map(({ rule, graceMs }) => [rule, graceMs]));
	return waiting.map((known) => {
		const { upAt, downAt, due, rule, ...rest } = known;
		const isDown = downAt !== undefined && upAt === undefined;
		// One outage after the other must not put an alarm off for ever.
		const isTooLate = downAt !== undefined && now > due + (grace.get(rule) ?? 0);
		if (isDown) return { ...known, failedAt: now };
		return isTooLate ? known : { ...rest, rule, due, downAt: now, failedAt: now };
	});
}

/** When something may be found missing next, epoch milliseconds; undefined where nothing is waited for. */
export function nextDeadline(
	waiting: readonly Waiting[],
	expectations: readonly Expectation[],
): number | undefined {
	const deadlines = waiting.flatMap((known) => {
		const expected = expectations.find(({ rule }) => rule === known.rule);
		return expected === undefined || known.gap !== undefined ? [] : [deadlineOf(known, expected)];
	});
	return deadlines.length === 0 ? undefined : Math.min(...deadlines);
}

function judgeEach(
	waiting: readonly Waiting[],
	expectations: readonly Expectation[],
	judge: (known: Waiting, expected: Expectation) => Waiting | Judging,
): Judged {
	const news: SilenceNews[] = [];
	const byRule = new Map(expectations.map((expected) => [expected.rule, expected]));
	const next = waiting.map((known) => {
		const expected = byRule.get(known.rule);
		if (expected?.key !== known.key) return known;
		const judged = judge(known, expected);
		if (!(judged instanceof Judging)) return judged;
		news.push(...judged.news);
		return judged.known;
	});
	return { waiting: next, news };
}

/** By the clock, the first due time that counts is one before which all mail was seen. */
function begin({ rule, key, schedule, graceMs }: Expectation, now: number): Waiting {
	if (schedule.kind === 'every')
		return { rule, key, due: now + schedule.everyMs, from: now, fresh: [] };
	const before = schedule.after(now - graceMs);
	return { rule, key, due: schedule.after(before), from: before + graceMs, fresh: [] };
}

/** False for what a clock has left behind that was far ahead. */
function isPlausible({ due }: Waiting, { schedule }: Expectation, now: number): boolean {
	return due <= now + (schedule.kind === 'every' ? schedule.everyMs : TWO_WEEKS_MS) + FAR_MS;
}

function toReadable(known: Waiting, now: number): Waiting {
	return known.downAt !== undefined && known.upAt === undefined ? { ...known, upAt: now } : known;
}

/** Whether the mailbox could not be read when the grace of what is due ended. */
function wasUnreadable({ due, downAt, upAt }: Waiting, { graceMs }: Expectation): boolean {
	return downAt !== undefined && upAt !== undefined && downAt <= due + graceMs && upAt > due;
}

function deadlineOf(known: Waiting, expected: Expectation): number {
	const from = wasUnreadable(known, expected) ? (known.upAt ?? known.due) : known.due;
	return from + expected.graceMs;
}

/** Mail that the senders held back while the server was down comes once it is up. */
function isInTime(known: Waiting, expected: Expectation, time: number): boolean {
	if (time <= known.due + expected.graceMs) return true;
	return time >= (known.failedAt ?? Infinity) && time <= deadlineOf(known, expected);
}

/** Goes through what has arrived, then through what has not. */
class Judging {
	readonly news: SilenceNews[] = [];

	constructor(
		private readonly expected: Expectation,
		public known: Waiting,
	) {}

	/** Accounts for the earliest so many fresh arrivals. */
	arrive(count: number): this {
		const due = this.known.fresh.slice(0, Math.max(0, count));
		if (due.length === 0) return this;
		this.known = { ...this.known, fresh: this.known.fresh.slice(due.length) };
		for (const time of due) this.arriveAt(time);
		return this;
	}

	/** Tells of what did not come by `now`; one that is missing already may still come late. */
	check(now: number): this {
		const { schedule } = this.expected;
		while (now > deadlineOf(this.known, this.expected)) {
			this.miss();
			if (schedule.kind === 'every') break;
			const next = schedule.after(this.known.due);
			if (now <= deadlineOf({ ...this.known, due: next }, this.expected)) break;
			this.waitFor(next);
		}
		return this;
	}

	private arriveAt(time: number): void {
		const { seen, from } = this.known;
		if (seen !== undefined && time <= seen) return;
		const { schedule } = this.expected;
		if (schedule.kind === 'every') this.arriveWithin(time, schedule.everyMs);
		else if (time > from) this.arriveBy(time, schedule.after);
		this.known = { ...this.known, seen: time };
	}

	private arriveWithin(time: number, everyMs: number): void {
		if (!isInTime(this.known, this.expected, time)) this.miss();
		const { gap, due } = this.known;
		this.end(time, gap !== undefined && time <= gap + everyMs);
		const next = time + everyMs;
		this.known = { ...this.known, due: gap === undefined ? Math.max(due, next) : next };
	}

	/** Finds the due time that a mail is for. */
	private arriveBy(time: number, after: (time: number) => number): void {
		const { graceMs } = this.expected;
		while (!isInTime(this.known, this.expected, time)) {
			this.miss();
			const { due, gap } = this.known;
			const next = after(due);
			if (time <= next + graceMs && this.isNearerTo(due, next, time)) {
				this.end(time, due === gap);
				this.waitFor(next, time);
				return;
			}
			this.waitFor(next);
		}
		const { due } = this.known;
		this.end(time, false);
		if (time <= due + graceMs) this.known = { ...this.known, lead: due - time };
		this.waitFor(after(due), time);
	}

	/** By when such a mail came last; where none did, it is for the next due time. */
	private isNearerTo(due: number, next: number, time: number): boolean {
		const { lead } = this.known;
		return lead !== undefined && time - (due - lead) <= Math.abs(next - lead - time);
	}

	private waitFor(due: number, time = 0): void {
		const from = Math.max(this.known.due + this.expected.graceMs, time);
		this.known = { ...this.known, due, from };
	}

	private miss(): void {
		const { gap, due, seen: lastSeen } = this.known;
		if (gap !== undefined) return;
		this.known = { ...this.known, gap: due };
		this.news.push({ event: 'missing', expected: this.expected, due, lastSeen });
	}

	private end(arrived: number, isLate: boolean): void {
		const { gap, ...rest } = this.known;
		if (gap === undefined) return;
		this.known = rest;
		const event = isLate ? 'arrivedLate' : 'resumed';
		this.news.push({ event, expected: this.expected, due: gap, arrived });
	}
}
