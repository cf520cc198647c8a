import { IngestError } from '../errors';

/** A format of dates as Luxon, and so n8n, writes it: `dd.MM.yyyy HH:mm`. */
export type DateFormat = string;

const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];
const MONTH_NAMES = MONTHS.join('|');
const SHORT_MONTH_NAMES = MONTHS.map((name) => name.slice(0, 3)).join('|');
const DAY_NAMES = 'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday';
const SHORT_DAY_NAMES = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';
const OFFSET = '(?<offset>Z|GMT|UTC?|[+-]\\d\\d(?::?\\d\\d)?)';

/** What a token of a format stands for. */
const TOKENS: Readonly<Record<string, string>> = {
	yyyy: '(?<year>\\d{4})',
	yy: '(?<shortYear>\\d{2})',
	MMMM: `(?<monthName>${MONTH_NAMES})`,
	MMM: `(?<monthName>${SHORT_MONTH_NAMES})`,
	MM: '(?<month>\\d{2})',
	M: '(?<month>\\d{1,2})',
	dd: '(?<day>\\d{2})',
	d: '(?<day>\\d{1,2})',
	HH: '(?<hour>\\d{2})',
	H: '(?<hour>\\d{1,2})',
	hh: '(?<hour12>\\d{2})',
	h: '(?<hour12>\\d{1,2})',
	mm: '(?<minute>\\d{2})',
	m: '(?<minute>\\d{1,2})',
	ss: '(?<second>\\d{2})',
	s: '(?<second>\\d{1,2})',
	SSS: '(?<fraction>\\d{1,9})',
	a: '(?<half>[AaPp])\\.?[Mm]\\.?',
	ZZ: OFFSET,
	EEEE: `(?:${DAY_NAMES})`,
	EEE: `(?:${SHORT_DAY_NAMES})`,
};
const PIECE = /'(?<quoted>[^']*)'|(?<letters>([A-Za-z])\3*)|(?<blanks>\s+)|(?<other>.)/gsu;

/** ISO 8601 in its extended form, as programs write it. */
const ISO = new RegExp(
	`^(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)(?:[T ](?<hour>\\d\\d):(?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:[.,](?<fraction>\\d{1,9}))?)? ?${OFFSET}?)?$`,
	'i',
);
/** The Date header (RFC 5322, 3.3), without the comment that may end it. */
const MAIL = [
	compileDateFormat('EEE, d MMM yyyy HH:mm:ss ZZ'),
	compileDateFormat('d MMM yyyy HH:mm:ss ZZ'),
];

/**
 * Reads a date: ISO 8601 or that of a mail header, unless a format is given.
 *
 * @returns ISO 8601: the date alone where the text has no time; local time where it has no offset; otherwise UTC with
 * milliseconds and `Z`. Undefined when the text is no date of this format, or the date does not exist
 */
export function parseDate(text: string, format?: DateFormat): string | undefined {
	const trimmed = text.trim();
	const patterns = format === undefined ? [ISO, ...MAIL] : [compileDateFormat(format)];
	const subject = format === undefined ? withoutComment(trimmed) : trimmed;
	for (const pattern of patterns) {
		const { groups } = pattern.exec(subject) ?? {};
		if (groups !== undefined) return toIso(groups);
	}
	return undefined;
}

/** Without the comment that may end the date of a mail header, such as the name of the time zone. */
function withoutComment(text: string): string {
	const open = text.endsWith(')') ? text.lastIndexOf('(') : -1;
	return open < 0 ? text : text.slice(0, open).trimEnd();
}

/**
 * Turns a format into a pattern.
 *
 * @throws IngestError `configuration` for a token that is not known, twice there, or missing
 */
export function compileDateFormat(format: DateFormat): RegExp {
	const found = new Set<string>();
	const source = [...format.matchAll(PIECE)].map(({ groups = {} }) => {
		const { quoted, letters, blanks, other = '' } = groups;
		if (quoted !== undefined) return escape(quoted === '' ? "'" : quoted);
		if (blanks !== undefined) return '\\s+';
		return letters === undefined ? escape(other) : toTokenPattern(letters, found, format);
	});
	requireTokens(format, found);
	return new RegExp(`^${source.join('')}$`, 'i');
}

function toTokenPattern(letters: string, found: Set<string>, format: string): string {
	const pattern = Object.hasOwn(TOKENS, letters) ? TOKENS[letters] : undefined;
	if (pattern === undefined) {
		throw refuse(format, `has the token "${letters}", which is not known`);
	}
	const name = /\?<(\w+)>/.exec(pattern)?.[1] ?? letters;
	if (found.has(name)) throw refuse(format, `has the token "${letters}" or its like twice`);
	found.add(name);
	return pattern;
}

/** What a date needs; a time needs every part above its last one. */
function requireTokens(format: string, found: ReadonlySet<string>): void {
	const kinds = (...names: string[]): number => names.filter((name) => found.has(name)).length;
	const problem = [
		[kinds('year', 'shortYear') !== 1, 'needs one year'],
		[kinds('month', 'monthName') !== 1, 'needs one month'],
		[!found.has('day'), 'needs a day'],
		[kinds('hour', 'hour12') === 2, 'has two hours'],
		[found.has('hour12') !== found.has('half'), 'needs "h" and "a" together'],
		[kinds('hour', 'hour12') !== kinds('minute'), 'needs hours and minutes together'],
		[found.has('second') && !found.has('minute'), 'has seconds without minutes'],
		[found.has('fraction') && !found.has('second'), 'has a fraction without seconds'],
		[found.has('offset') && !found.has('minute'), 'has an offset without a time'],
	].find(([isWrong]) => isWrong === true)?.[1];
	if (typeof problem === 'string') throw refuse(format, problem);
}

function refuse(format: string, problem: string): IngestError {
	return new IngestError('configuration', `"${format}" ${problem}.`, {
		remedy: `Use ${Object.keys(TOKENS).join(', ')}; other letters stand in single quotes.`,
	});
}

type Groups = Readonly<Partial<Record<string, string>>>;

function toIso(groups: Groups): string | undefined {
	const year = groups['year'] ?? `20${groups['shortYear'] ?? ''}`;
	const month = toMonth(groups);
	const day = Number(groups['day']);
	if (month < 1 || day < 1 || day > daysOfMonth(Number(year), month)) return undefined;
	const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
	const hour = toHour(groups);
	return hour === undefined ? date : withTime(date, hour, groups);
}

function withTime(date: string, hour: number, groups: Groups): string | undefined {
	const { minute = '0', second = '0', fraction, offset } = groups;
	if (hour > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
	const time = [hour, Number(minute), Number(second)].map(twoDigits).join(':');
	const milliseconds = fraction === undefined ? '' : `.${fraction.padEnd(3, '0').slice(0, 3)}`;
	const local = `${date}T${time}${milliseconds}`;
	return offset === undefined ? local : toUtc(local, offset);
}

function toMonth({ month, monthName }: Groups): number {
	if (monthName === undefined) return Number(month) > 12 ? 0 : Number(month);
	const start = monthName.slice(0, 3).toLowerCase();
	return 1 + MONTHS.findIndex((name) => name.toLowerCase().startsWith(start));
}

/** Undefined where there is no time; 24 for an hour that no clock shows. */
function toHour({ hour, hour12, half }: Groups): number | undefined {
	if (hour12 === undefined) return hour === undefined ? undefined : Number(hour);
	if (Number(hour12) < 1 || Number(hour12) > 12) return 24;
	return (Number(hour12) % 12) + (half?.toLowerCase() === 'p' ? 12 : 0);
}

/** The calendar repeats every 400 years, and years below 100 mean something else to the constructor. */
function daysOfMonth(year: number, month: number): number {
	return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

function toUtc(local: string, offset: string): string | undefined {
	const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):?(\d\d)?/.exec(offset) ?? [];
	if (Number(hours) > 14 || Number(minutes) > 59) return undefined;
	const shift = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000);
	return new Date(Date.parse(`${local}Z`) - shift).toISOString();
}

function twoDigits(value: number): string {
	return String(value).padStart(2, '0');
}

function escape(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
