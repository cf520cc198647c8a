import type { Weekday } from '../rules/rule';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** As Date counts them. */
const DAY_NAMES: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * A time of day on some weekdays -> the first such moment after another one (epoch milliseconds). A time that the clock
 * skips in spring is that much later; of a time that comes twice in autumn the second counts.
 *
 * @param minutes after midnight
 * @param timeZone IANA name
 * @throws RangeError for a time zone that nobody knows
 */
export function createDueTimes(
	minutes: number,
	on: readonly Weekday[],
	timeZone: string,
): (time: number) => number {
	const offsetAt = createOffsets(timeZone);
	const toMoment = (wall: number): number => {
		const candidates = [-DAY_MS, DAY_MS].map((aside) => wall - offsetAt(wall + aside));
		const [earliest, latest] = [Math.min(...candidates), Math.max(...candidates)];
		const isReal = (moment: number) => moment + offsetAt(moment) === wall;
		return earliest === latest || isReal(latest) || !isReal(earliest) ? latest : earliest;
	};
	return (time) => {
		const wall = time + offsetAt(time);
		for (let day = Math.floor(wall / DAY_MS) - 1; ; day += 1) {
			const name = DAY_NAMES[new Date(day * DAY_MS).getUTCDay()] ?? 'mon';
			if (on.length > 0 && !on.includes(name)) continue;
			const moment = toMoment(day * DAY_MS + minutes * MINUTE_MS);
			if (moment > time) return moment;
		}
	};
}

/** How far the clocks of a time zone are ahead of UTC at a moment, in milliseconds. */
function createOffsets(timeZone: string): (time: number) => number {
	const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
	return (time) => {
		// As in `11/30/2026, GMT+01:00`; where it is UTC, nothing may follow.
		const [, sign = '+', hours = 0, minutes = 0] =
			/GMT([+-])(\d+):(\d+)/.exec(format.format(time)) ?? [];
		return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
	};
}
