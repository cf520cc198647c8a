/*
 * Sets of UTF-16 units as ranges: categories, blocks and variants of case as .NET knows them.
 */
import { caseVariantsOf } from './case-variants';
import { rangesOfCategory } from './categories';
import { ALL_UNITS, complement, pairsOf, subtract, toRanges, type Ranges } from './ranges';
import type { CharacterSet } from '../syntax-tree';

/** The units that a set takes. */
export function rangesOf(set: CharacterSet): Ranges {
	const written = toRanges(
		set.items.flatMap((item) => ('from' in item ? [[item.from, item.to] as const] : [])),
	);
	const categories = set.items.flatMap((item) => {
		if ('from' in item) return [];
		const ranges = rangesOfCategory(item.category);
		return pairsOf(item.negated ? complement(ranges) : ranges);
	});
	const variants = set.ignoreCase ? caseVariantsOf(written) : [];
	const listed = toRanges([...pairsOf(written), ...variants, ...categories]);
	const taken = set.negated ? complement(listed) : listed;
	return set.except === undefined ? taken : subtract(taken, rangesOf(set.except));
}

/** Units with a quick test of membership: one bit each. */
export class UnitSet {
	/** The one unit that is taken, or -1. */
	readonly single: number;
	/** The one unit that is not taken, as a text to look for; empty where all are, undefined where several are not. */
	readonly stop: string | undefined;
	private readonly bits = new Uint8Array((ALL_UNITS[1] ?? 0) / 8 + 1);

	constructor(readonly ranges: Ranges) {
		for (const [from, to] of pairsOf(ranges)) this.fill(from, to);
		const [first = 0, last = -1] = ranges;
		this.single = ranges.length === 2 && first === last ? first : -1;
		const [stop, stopEnd, ...others] = complement(ranges);
		if (stop === undefined) this.stop = '';
		else
			this.stop = stop === stopEnd && others.length === 0 ? String.fromCharCode(stop) : undefined;
	}

	/** Whether a unit is taken; not to be asked for what is outside of a text. */
	has(unit: number): boolean {
		return (((this.bits[unit >> 3] ?? 0) >> (unit & 7)) & 1) === 1;
	}

	private fill(from: number, to: number): void {
		const [firstWhole, endWhole] = [(from + 7) >> 3, (to + 1) >> 3];
		if (firstWhole < endWhole) this.bits.fill(0xff, firstWhole, endWhole);
		for (let unit = from; unit <= to; unit += 1) {
			if (unit >> 3 >= firstWhole && unit >> 3 < endWhole) unit = endWhole * 8 - 1;
			else this.bits[unit >> 3] = (this.bits[unit >> 3] ?? 0) | (1 << (unit & 7));
		}
	}
}

/** The sets of one pattern, each made once. */
export class UnitSets {
	private readonly bySource = new Map<CharacterSet, UnitSet>();
	private readonly byRanges = new Map<string, UnitSet>();

	of(set: CharacterSet): UnitSet {
		const known = this.bySource.get(set) ?? this.ofRanges(rangesOf(set));
		this.bySource.set(set, known);
		return known;
	}

	ofUnit(unit: number): UnitSet {
		return this.ofRanges([unit, unit]);
	}

	ofRanges(ranges: Ranges): UnitSet {
		const key = ranges.join();
		const known = this.byRanges.get(key) ?? new UnitSet(ranges);
		this.byRanges.set(key, known);
		return known;
	}
}
