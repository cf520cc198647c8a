import {
	complementIn,
	FIRST_SURROGATE,
	LAST_SURROGATE,
	rangesOf,
	singleUnitOf,
	type Domain,
} from '../sets/character-sets';
import { joinAcross, pairsOf, type Ranges } from '../sets/ranges';
import type { CharacterSet } from '../syntax-tree';

const LAST_UNIT = 0xffff;
/** V8 looks a unit up in a table, which takes it ten times longer, where a class has more ranges than this. */
export const QUICK_RANGES = 16;
const FIRST_ASTRAL = 0x10000;
const LAST_CODE_POINT = 0x10ffff;
const PLAIN = /^[0-9A-Za-z _@#%&=:;,<>"'`~!/]$/;

/** How an engine writes a character and the sets that have no ranges. */
interface Notation {
	readonly escape: (unit: number) => string;
	readonly anything: string;
	readonly nothing: string;
}

const JAVASCRIPT: Notation = {
	escape: (unit) => `\\u${unit.toString(16).padStart(4, '0')}`,
	anything: '[^]',
	nothing: '[]',
};
const RE2: Notation = {
	escape: (unit) => `\\x{${unit.toString(16)}}`,
	anything: '(?s:.)',
	nothing: '[^\\x{0}-\\x{10ffff}]',
};

function printUnit(unit: number, notation: Notation): string {
	const character = String.fromCodePoint(unit);
	return PLAIN.test(character) ? character : notation.escape(unit);
}

/** A set for V8, which counts UTF-16 units. */
export function printSetForJavaScript(set: CharacterSet, domain: Domain): string {
	const single = singleUnitOf(set);
	if (single !== undefined) return printUnit(single, JAVASCRIPT);
	const ranges = rangesOf(set, domain);
	return printRanges(ranges, complementIn(domain, ranges), JAVASCRIPT);
}

/** Some units as alternative classes for V8, none of them larger than what it is quick at. */
export function printUnits(ranges: Ranges): string {
	const classes: string[] = [];
	for (let from = 0; from < ranges.length; from += 2 * QUICK_RANGES) {
		const some = ranges.slice(from, from + 2 * QUICK_RANGES);
		classes.push(printRanges(some, complementIn('unicode', some), JAVASCRIPT));
	}
	return classes.join('|');
}

/** A set for RE2, which counts code points: one that takes every surrogate takes every character beyond U+FFFF. */
export function printSetForRe2(set: CharacterSet, domain: Domain): string {
	const single = singleUnitOf(set);
	if (single !== undefined) return printUnit(single, RE2);
	const ranges = rangesOf(set, domain);
	if (domain === 'ascii') return printRanges(ranges, complementIn(domain, ranges), RE2);
	const takesAstral = [...pairsOf(ranges)].some(
		([from, to]) => from <= FIRST_SURROGATE && to >= LAST_SURROGATE,
	);
	const others = complementIn(domain, ranges);
	return takesAstral
		? printRanges(joinAstral(ranges), others, RE2)
		: printRanges(ranges, joinAstral(others), RE2);
}

function joinAstral(ranges: Ranges): Ranges {
	return ranges.at(-1) === LAST_UNIT
		? [...ranges.slice(0, -1), LAST_CODE_POINT]
		: [...ranges, FIRST_ASTRAL, LAST_CODE_POINT];
}

/** Prints each set once, however often a pattern has it: those of Unicode categories are long. */
export class SetPrinter {
	private readonly printed = new Map<string, string>();

	constructor(
		private readonly print: (set: CharacterSet, domain: Domain) => string,
		private readonly domain: Domain,
	) {}

	text(set: CharacterSet): string {
		const key = JSON.stringify(set);
		const text = this.printed.get(key) ?? this.print(set, this.domain);
		this.printed.set(key, text);
		return text;
	}
}

/** A character beyond U+FFFF, which .NET patterns write as two surrogates, for RE2. */
export function printPairForRe2(high: number, low: number): string {
	return RE2.escape(String.fromCharCode(high, low).codePointAt(0) ?? 0);
}

/** Prints ranges, and with them, where that makes them fewer, units that are neither in them nor in the others. */
function printRanges(ranges: Ranges, others: Ranges, notation: Notation): string {
	if (others.length === 0) return notation.anything;
	if (ranges.length === 0) return notation.nothing;
	const [first = 0, last = 0] = ranges;
	if (ranges.length === 2 && first === last) return printUnit(first, notation);
	const joined = joinAcross(ranges, others);
	const joinedOthers = joinAcross(others, ranges);
	const negate = joinedOthers.length < joined.length;
	const members = [...pairsOf(negate ? joinedOthers : joined)].map(([from, to]) => {
		const first = printUnit(from, notation);
		return from === to ? first : `${first}-${printUnit(to, notation)}`;
	});
	return `[${negate ? '^' : ''}${members.join('')}]`;
}
