import { describe, expect, it } from 'vitest';
import { BLOCKS } from '../../../nodes/core/regex/sets/blocks';
import { addCaseVariants, foldCase } from '../../../nodes/core/regex/sets/case-variants';
import { unitsOfCategory } from '../../../nodes/core/regex/sets/categories';
import { UnitSet } from '../../../nodes/core/regex/sets/unit-set';

const UNITS = Array.from({ length: 0x10000 }, (_, unit) => unit);
const unitsOf = (set: UnitSet) => UNITS.filter((unit) => set.has(unit));

describe('a set', () => {
	it.each([
		[[]],
		[[[0, 0]]],
		[[[3, 4]]],
		[[[31, 32]]],
		[
			[
				[7, 8],
				[15, 16],
				[23, 63],
				[20, 31],
				[64, 200],
			],
		],
		[[[0, 0xffff]]],
		[[[1, 0xfffe]]],
		[
			[
				[0x41, 0x5a],
				[0xd800, 0xdfff],
			],
		],
	] as const)('of the ranges %j takes these units and no others', (ranges) => {
		const set = UnitSet.of(...ranges);
		const isListed = (unit: number) => ranges.some(([from, to]) => from <= unit && unit <= to);
		expect(unitsOf(set)).toEqual(UNITS.filter(isListed));
		expect(unitsOf(set.complement())).toEqual(UNITS.filter((unit) => !isListed(unit)));
	});

	it('can be joined with another one, or lose what is in it', () => {
		const [one, other] = [UnitSet.of([1, 5], [40, 41]), UnitSet.of([5, 40])];
		expect(unitsOf(one.union(other))).toEqual(UNITS.slice(1, 42));
		expect(unitsOf(one.without(other))).toEqual([1, 2, 3, 4, 41]);
	});

	it('can be compared with another one', () => {
		const digits = UnitSet.of([0x30, 0x39]);
		expect(digits.isWithin(unitsOfCategory('w'))).toBe(true);
		expect(unitsOfCategory('w').isWithin(digits)).toBe(false);
	});

	it.each([
		['one unit', UnitSet.of([65, 65]), 65],
		['the last', UnitSet.of([0xffff, 0xffff]), 0xffff],
		['the first', UnitSet.of([0, 0]), 0],
		['none', new UnitSet(), undefined],
		['two of one word', UnitSet.of([65, 65], [67, 67]), undefined],
		['two', UnitSet.of([65, 65], [97, 97]), undefined],
	])('knows whether it takes one unit only: %s', (_, set, only) => {
		expect(set.only).toBe(only);
	});
});

describe('case', () => {
	it('has one character outside ASCII whose lower case is within', () => {
		expect(UNITS.filter((unit) => unit >= 0x80 && foldCase(unit) < 0x80)).toEqual([0x212a]);
	});

	it.each([
		['k', 'Kk\u212a'],
		['\u01c5', '\u01c4\u01c5\u01c6'],
		['\u03b8', '\u0398\u03b8\u03f4'],
		['ß', '\u1e9eß'],
		['s', 'Ss'],
		['i', 'Ii'],
		['\u0130', '\u0130'],
		['ς', 'ς'],
		['1', '1'],
	])('%s is equal to %s and to nothing else', (character, equal) => {
		const unit = character.charCodeAt(0);
		const set = UnitSet.of([unit, unit]);
		addCaseVariants(set);
		expect(new Set(unitsOf(set))).toEqual(
			new Set(Array.from(equal, (other) => other.charCodeAt(0))),
		);
	});
});

describe('blocks', () => {
	it('are ranges of UTF-16 units in order', () => {
		for (const [from, to] of BLOCKS.values()) expect(from).toBeLessThan(to);
		expect(BLOCKS.get('IsGreek')).toEqual([0x370, 0x3ff]);
		expect(BLOCKS.size).toBe(108);
	});
});
