import { compilePattern, MatchBudget } from '../../nodes/core/regex/pattern';
import type { BenchCase, BenchOptions, BenchResult } from './bench-case';
import { toNumber } from './report';
import { median } from './stopwatch';

/** A .NET pattern and what a JavaScript author would write for it. */
interface Sample {
	readonly pattern: string;
	readonly native: RegExp;
}

/** Patterns whose match stands at the end of the body, or nowhere, so that all of it is searched. */
const SAMPLES: readonly Sample[] = [
	{ pattern: 'white.+rabbit', native: /white.+rabbit/ },
	{ pattern: 'Spoon: (?<spoon>[^\\n]+)', native: /Spoon: (?<spoon>[^\n]+)/ },
	{ pattern: '(?i)SKILLS: (?<skills>[^\\n]+)', native: /SKILLS: (?<skills>[^\n]+)/i },
	{ pattern: '(?i)fatal|panic|down', native: /fatal|panic|down/i },
	{ pattern: '(?:Fatal|Panic): (?<what>.+)', native: /(?:Fatal|Panic): (?<what>.+)/ },
	{ pattern: '\\bregards\\b', native: /\bregards\b/ },
	{ pattern: '(?i)\\bREGARDS\\b', native: /\bREGARDS\b/i },
	{ pattern: '(?<user>[\\w.]+)@(?<host>[\\w.]+)', native: /(?<user>[\w.]+)@(?<host>[\w.]+)/ },
	{ pattern: '(?<host>\\w+)\\.example\\.com', native: /(?<host>\w+)\.example\.com/ },
	{ pattern: '\\b(?<code>\\d{5})\\b', native: /\b(?<code>\d{5})\b/ },
	{ pattern: '(?<hours>\\d+):(?<minutes>\\d+)', native: /(?<hours>\d+):(?<minutes>\d+)/ },
	{ pattern: '(?m)^Host: (?<host>\\S+)', native: /^Host: (?<host>\S+)/m },
	{ pattern: '(?m)^(?<key>\\w+): (?<value>.+)$', native: /^(?<key>\w+): (?<value>.+)$/m },
	{ pattern: '(?s)^(?<all>.*?)regards', native: /^(?<all>.*?)regards/s },
	{ pattern: '.*regards', native: /.*regards/ },
	{ pattern: '\\s+regards', native: /\s+regards/ },
	{ pattern: '[A-Z][a-z]+ [A-Z]{3}', native: /[A-Z][a-z]+ [A-Z]{3}/ },
	{ pattern: '(?<=Ticket )\\d+', native: /(?<=Ticket )\d+/ },
	{ pattern: 'nowhere to be found', native: /nowhere to be found/ },
	{ pattern: '(?i)nowhere to be found', native: /nowhere to be found/i },
	{ pattern: '(?<word>\\w+) zzz(?<number>\\d+)', native: /(?<word>\w+) zzz(?<number>\d+)/ },
];

/** Matches that are over at once: what is measured is what any match costs, so that no bar is set. */
const SHORT_SAMPLES: readonly Sample[] = [
	{ pattern: '^alert - (?<subject>.+)$', native: /^alert - (?<subject>.+)$/ },
	{ pattern: '^tri.+@zion.com$', native: /^tri.+@zion.com$/ },
	{ pattern: '(?i)^re: ', native: /^re: /i },
	{ pattern: '\\d+', native: /\d+/ },
];

const LINE = 'lorem ipsum dolor sit amet, consectetur 4711 adipiscing elit sed do\n';
const END = [
	'Follow the white rabbit',
	'Spoon: false',
	'Skills: "Kung Fu"',
	'Host: db7.example.com',
	'Panic: since 10:42, Ticket 90210, Main HAL',
	'trinity@zion.com',
	'kind regards',
].join('\n');
const HEADER = 'alert - hull breach on deck 5';
/** Long enough to be measured, in milliseconds. */
const SLICE_MS = 4;
const SLICES_PER_RUN = 3;
/** Matches that share the budget of one message, as the filters and captures of its rules do. */
const MATCHES_PER_MESSAGE = 8;

/** A side of the comparison: matches once. */
type Side = () => unknown;

/** Matches against native regular expressions of the same meaning, on bodies and headers. */
export const REGEX_SPEED_CASE: BenchCase = {
	name: 'regex-speed',
	run: (options) => Promise.resolve(measure(options)),
};

function measure({ runs, quick, log }: BenchOptions): BenchResult {
	const bodies = [
		{ name: '2 KB', text: toBody(2000, END) },
		{ name: '2 KB with umlauts', text: toBody(2000, `Grüße\n${END}`) },
		...(quick ? [] : [{ name: '200 KB', text: toBody(200_000, END) }]),
		...(quick ? [] : [{ name: '200 KB with umlauts', text: toBody(200_000, `Grüße\n${END}`) }]),
	];
	// Code that has not been compiled yet would be measured at the expense of the first pattern.
	for (const sample of SAMPLES) compare(sample, HEADER, 1);
	const measured = SAMPLES.map((sample) => {
		log(sample.pattern);
		return { sample, results: bodies.map(({ text }) => compare(sample, text, runs)) };
	});
	const header = { name: 'header', text: HEADER };
	return {
		title: 'A match, against a native regular expression of the same meaning',
		columns: [
			'Pattern',
			...[...bodies, header].map(({ name }) => `${name}: native, and times that`),
		],
		rows: [
			...measured.map(({ sample, results }) => [toCode(sample), ...results.map(toCell), '']),
			...SHORT_SAMPLES.map((sample) => [
				toCode(sample),
				...bodies.map(() => ''),
				toCell(compare(sample, HEADER, runs)),
			]),
		],
		// A whole mail counts: the pipeline and 100 rules have bars.
		bars: [],
	};
}

function toCode({ pattern }: Sample): string {
	return `\`${pattern}\``;
}

function toCell({ nativeMicros, ratio }: Comparison): string {
	return `${toNumber(nativeMicros)} µs, ${ratio.toFixed(2)}`;
}

/** What a native match takes, and how many times that ours takes. */
interface Comparison {
	readonly nativeMicros: number;
	readonly ratio: number;
}

function compare({ pattern, native }: Sample, text: string, runs: number): Comparison {
	const compiled = compilePattern(pattern);
	let budget = new MatchBudget();
	let matches = 0;
	const ours: Side = () => {
		matches += 1;
		if (matches % MATCHES_PER_MESSAGE === 0) budget = new MatchBudget();
		return compiled.match(text, budget);
	};
	const theirs: Side = () => toMatch(native.exec(text));
	const [nativeMicros, ourMicros] = medianTimes([theirs, ours], runs * SLICES_PER_RUN);
	return { nativeMicros, ratio: ourMicros / nativeMicros };
}

/** What a caller needs of a native match: value, place and groups. */
function toMatch(found: RegExpExecArray | null) {
	if (found === null) return undefined;
	const groups = new Map(Object.entries(found.groups ?? {}));
	return { value: found[0], index: found.index, groups };
}

/** Median microseconds of each of two sides, measured in turns so that the machine's moods hit both. */
function medianTimes(sides: readonly [Side, Side], runs: number): readonly [number, number] {
	const counts = sides.map((side) => {
		timeOf(side, 50);
		return Math.max(1, Math.min(5000, Math.round((SLICE_MS * 1000) / timeOf(side, 5))));
	});
	const times: [number[], number[]] = [[], []];
	for (let run = 0; run < runs; run += 1) {
		times[0].push(timeOf(sides[0], counts[0] ?? 1));
		times[1].push(timeOf(sides[1], counts[1] ?? 1));
	}
	return [median(times[0]), median(times[1])];
}

/** Microseconds of one call, over so many. */
function timeOf(side: Side, calls: number): number {
	const start = performance.now();
	for (let call = 0; call < calls; call += 1) side();
	return ((performance.now() - start) / calls) * 1000;
}

function toBody(length: number, end: string): string {
	const lines = LINE.repeat(Math.max(1, Math.floor((length - end.length) / LINE.length)));
	return Buffer.from(`${lines}${end}`).toString();
}
