import { describe, expect, it } from 'vitest';
import { BLOCKS } from '../../../nodes/core/regex/sets/blocks';
import { caseVariantsOf, foldCase } from '../../../nodes/core/regex/sets/case-variants';
import { rangesOfCategory } from '../../../nodes/core/regex/sets/categories';
import { UnitSet } from '../../../nodes/core/regex/sets/character-sets';
import {
	areDisjoint,
	complement,
	includes,
	subtract,
	toRanges,
} from '../../../nodes/core/regex/sets/ranges';

const UNITS = Array.from({ length: 0x10000 }, (_, unit) => unit);

describe('ranges', () => {
	it('are sorted and joined where they touch', () => {
		const pairs = [
			[30, 99],
			[1, 5],
			[6, 9],
			[3, 4],
			[60, 70],
		] as const;
		expect(toRanges(pairs)).toEqual([1, 9, 30, 99]);
	});

	it.each([
		[[], [0, 0xffff]],
		[
			[2, 4],
			[0, 1, 5, 0xffff],
		],
		[
			[0, 3, 9, 9],
			[4, 8, 10, 0xffff],
		],
	])('%j have the complement %j', (ranges, others) => {
		expect(complement(ranges)).toEqual(others);
		expect(complement(others)).toEqual(ranges);
	});

	it('lose what is subtracted', () => {
		expect(subtract([1, 5, 7, 9], [0, 1, 4, 8])).toEqual([2, 3, 9, 9]);
	});

	it('include their ends and nothing outside', () => {
		const inside = [0, 1, 2, 3, 4, 5, 6].filter((unit) => includes([1, 2, 5, 5], unit));
		expect(inside).toEqual([1, 2, 5]);
		expect(areDisjoint([1, 2, 8, 9], [3, 7])).toBe(true);
		expect(areDisjoint([1, 2, 8, 9], [3, 8])).toBe(false);
	});
});

describe('a set', () => {
	it.each([
		[[0, 0]],
		[[3, 4]],
		[[7, 8, 15, 16, 23, 63]],
		[[0, 0xffff]],
		[[1, 0xfffe]],
		[[0x41, 0x5a, 0xd800, 0xdfff]],
		[rangesOfCategory('word')],
	])('of the ranges %j takes these units and no others', (ranges) => {
		const set = new UnitSet(ranges);
		expect(UNITS.filter((unit) => set.has(unit))).toEqual(
			UNITS.filter((unit) => includes(ranges, unit)),
		);
	});

	it('knows whether it takes one unit, or all but one', () => {
		expect(new UnitSet([65, 65])).toMatchObject({ single: 65, stop: undefined });
		expect(new UnitSet(complement([10, 10]))).toMatchObject({ single: -1, stop: '\n' });
		expect(new UnitSet([0, 0xffff])).toMatchObject({ single: -1, stop: '' });
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
		['\u0130', ''],
		['ς', ''],
		['1', ''],
	])('%s is equal to %s and to nothing else', (character, equal) => {
		const unit = character.charCodeAt(0);
		const units = new Set(caseVariantsOf([unit, unit]).map(([from]) => from));
		expect(units).toEqual(new Set(Array.from(equal, (other) => other.charCodeAt(0))));
	});
});

describe('blocks', () => {
	it('are ranges of UTF-16 units in order', () => {
		for (const [from, to] of BLOCKS.values()) expect(from).toBeLessThan(to);
		expect(BLOCKS.get('IsGreek')).toEqual([0x370, 0x3ff]);
		expect(BLOCKS.size).toBe(108);
	});
});
