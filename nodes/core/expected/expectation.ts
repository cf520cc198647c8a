/*
 * Mail that has to come. A rule says so (expectation.ts), by interval or by times of day in the time zone of the workflow
 * (due-times.ts); silence.ts tells from what has arrived, and when the mailbox was read, that a mail is missing, came late
 * or comes again. stored-silence.ts keeps what it has to remember as one text in the cursor.
 */
import type { Rule, Weekday } from '../rules/rule';
import { createDueTimes } from './due-times';

/** What a rule expects, ready for use. */
export interface Expectation {
	readonly rule: string;
	/** Tells a change of it, upon which watching begins anew. */
	readonly key: string;
	readonly graceMs: number;
	/** When mail is due. */
	readonly schedule: Schedule;
	/** The same for people: `every 24h`, `by 07:30`. */
	readonly words: string;
}

/** Due times: so long after the mail before, or by the clock. Milliseconds. */
export type Schedule =
	| { readonly kind: 'every'; readonly everyMs: number }
	| { readonly kind: 'by'; readonly after: (time: number) => number };

/** Mail servers take minutes at times, even where nothing is wrong. */
export const DEFAULT_GRACE = '10m';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(?<count>\d{1,5})\s*(?<unit>[smhd])$/iu;
const TIME = /^(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)$/u;

/** `24h` -> milliseconds; undefined for what is none, or nothing. A day has 24 hours. */
export function parseDuration(text: string): number | undefined {
	const { count = '', unit = '' } = DURATION.exec(text)?.groups ?? {};
	const [, unitMs = 0] = Object.entries(UNITS).find(([name]) => name === unit.toLowerCase()) ?? [];
	const duration = Number(count) * unitMs;
	return duration > 0 ? duration : undefined;
}

/** `07:30` -> minutes after midnight; undefined for what is none. */
export function parseTimeOfDay(text: string): number | undefined {
	const { hour, minute } = TIME.exec(text)?.groups ?? {};
	return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/**
 * What the rules expect.
 *
 * @param timeZone gives the IANA name
 */
export function toExpectations(
	rules: readonly Rule[],
	timeZone: () => string,
): readonly Expectation[] {
	return rules.flatMap((rule): readonly Expectation[] => {
		const { name, expectEvery, expectBy, expectOn = WEEKDAYS, expectGrace } = rule;
		const graceMs = parseDuration(expectGrace ?? DEFAULT_GRACE) ?? 0;
		const everyMs = parseDuration(expectEvery ?? '');
		if (everyMs !== undefined) {
			const key = `${String(everyMs)} ${String(graceMs)}`;
			const schedule = { kind: 'every', everyMs } as const;
			return [{ rule: name, key, graceMs, schedule, words: `every ${expectEvery ?? ''}` }];
		}
		const minutes = parseTimeOfDay(expectBy ?? '');
		if (minutes === undefined) return [];
		const on = WEEKDAYS.filter((day) => expectOn.includes(day));
		const zone = timeZone();
		const key = `${String(minutes)} ${on.join(',')} ${zone} ${String(graceMs)}`;
		const schedule = { kind: 'by', after: createDueTimes(minutes, on, zone) } as const;
		return [{ rule: name, key, graceMs, schedule, words: `by ${expectBy ?? ''}` }];
	});
}
