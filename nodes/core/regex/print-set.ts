import {
	FIRST_SURROGATE,
	LAST_SURROGATE,
	limitOf,
	rangesOf,
	singleUnitOf,
	type Domain,
} from './character-sets';
import { complement, pairsOf, type Ranges } from './ranges';
import type { CharacterSet } from './syntax-tree';

const LAST_UNIT = 0xffff;
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
	return printRanges(ranges, complement(ranges, limitOf(domain)), JAVASCRIPT);
}

/** A set for RE2, which counts code points: one that takes every surrogate takes every character beyond U+FFFF. */
export function printSetForRe2(set: CharacterSet, domain: Domain): string {
	const single = singleUnitOf(set);
	if (single !== undefined) return printUnit(single, RE2);
	const ranges = rangesOf(set, domain);
	if (domain === 'ascii') return printRanges(ranges, complement(ranges, limitOf(domain)), RE2);
	const takesAstral = [...pairsOf(ranges)].some(
		([from, to]) => from <= FIRST_SURROGATE && to >= LAST_SURROGATE,
	);
	const all = takesAstral ? joinAstral(ranges) : ranges;
	return printRanges(all, complement(all, LAST_CODE_POINT), RE2);
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

function printRanges(ranges: Ranges, others: Ranges, notation: Notation): string {
	if (others.length === 0) return notation.anything;
	if (ranges.length === 0) return notation.nothing;
	const [first = 0, last = 0] = ranges;
	if (ranges.length === 2 && first === last) return printUnit(first, notation);
	const negate = others.length < ranges.length;
	const members = [...pairsOf(negate ? others : ranges)].map(([from, to]) => {
		const first = printUnit(from, notation);
		return from === to ? first : `${first}-${printUnit(to, notation)}`;
	});
	return `[${negate ? '^' : ''}${members.join('')}]`;
}
