import { describe, expect, it } from 'vitest';
import { BLOCKS } from '../../../nodes/core/regex/blocks';
import { caseVariantsOf, foldCase } from '../../../nodes/core/regex/case-variants';
import { rangesOfCategory } from '../../../nodes/core/regex/categories';
import { lookaheadPathsOf } from '../../../nodes/core/regex/lookahead-paths';
import { printJavaScript } from '../../../nodes/core/regex/print-javascript';
import { printRe2 } from '../../../nodes/core/regex/print-re2';
import { expandedSizeOf } from '../../../nodes/core/regex/program-size';
import { complement, includes, subtract, toRanges } from '../../../nodes/core/regex/ranges';
import { isUnitSensitive } from '../../../nodes/core/regex/unit-sensitivity';
import { parse } from './matching';

describe('ranges', () => {
	it('are sorted, joined where they touch, and cut at the limit', () => {
		const pairs = [
			[30, 99],
			[1, 5],
			[6, 9],
			[3, 4],
			[60, 70],
		] as const;
		expect(toRanges(pairs, 50)).toEqual([1, 9, 30, 50]);
	});

	it.each([
		[[], [0, 9]],
		[[0, 9], []],
		[
			[2, 4],
			[0, 1, 5, 9],
		],
		[
			[0, 3, 9, 9],
			[4, 8],
		],
	])('%j have the complement %j', (ranges, others) => {
		expect(complement(ranges, 9)).toEqual(others);
		expect(complement(others, 9)).toEqual(ranges);
	});

	it('lose what is subtracted', () => {
		expect(subtract([1, 5, 7, 9], [0, 1, 4, 8], 9)).toEqual([2, 3, 9, 9]);
	});

	it('include their ends and nothing outside', () => {
		const inside = [0, 1, 2, 3, 4, 5, 6].filter((unit) => includes([1, 2, 5, 5], unit));
		expect(inside).toEqual([1, 2, 5]);
		expect(includes([0, 9], Number.NaN)).toBe(false);
	});
});

describe('case', () => {
	it('has one character outside ASCII whose lower case is within', () => {
		const outside = Array.from({ length: 0xff80 }, (_, index) => index + 0x80);
		expect(outside.filter((unit) => foldCase(unit) < 0x80)).toEqual([0x212a]);
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
		const units = new Set(caseVariantsOf([unit, unit], 0xffff).map(([from]) => from));
		expect(units).toEqual(new Set(Array.from(equal, (other) => other.charCodeAt(0))));
	});
});

describe('blocks', () => {
	it('are ranges of UTF-16 units in order', () => {
		for (const [name, [from, to]] of BLOCKS) {
			expect(rangesOfCategory(name, 0xffff)).toEqual([from, to]);
			expect(from).toBeLessThan(to);
		}
		expect(BLOCKS.size).toBe(108);
	});
});

describe('printing', () => {
	it.each([
		['a.b$', 'a[^\\x{a}]b(\\n?)\\z', 'a[^\\u000a]b(?=\\n?$)'],
		['\\A\\w{2,3}?', '\\A[0-9A-Z_a-z]{2,3}?', '^[0-9A-Z_a-z]{2,3}?'],
		['(?m)^a$', '(?m:^)a(?m:$)', '(?<![^\\n])a(?![^\\n])'],
		['(?i)k|(?s:.)', '[Kk]|(?s:.)', '[Kk]|[^]'],
		['[^\\s\\S]', '[^\\x{0}-\\x{10ffff}]', '[]'],
		['(?>a+)b', undefined, '(?:(?=(a+))(?:\\1))b'],
		['(?<=(?>a+)b)c', undefined, '(?<=(?:(?:\\1)(?<=(a+)))b)c'],
		['(?<=\\k<n>(?<n>a))b', undefined, '(?<=(?:\\1)(a))b'],
	])('of %s gives %s for RE2 and %s for JavaScript', (pattern, re2, javaScript) => {
		const { root } = parse(pattern);
		expect(printRe2(root, 'ascii')?.source).toBe(re2);
		expect(printJavaScript(root, 'ascii').source.replaceAll('(?:\\1)', '\\1')).toBe(
			javaScript.replaceAll('(?:\\1)', '\\1'),
		);
	});

	it.each(['\\bä', '(?:(?:a{30}){30}){2}', 'a{1001}', '(?:a??){2,}', 'a$b', '(?:a$)*'])(
		'of %s beyond ASCII is not possible for RE2',
		(pattern) => {
			expect(printRe2(parse(pattern).root, 'unicode')).toBeUndefined();
		},
	);

	it('writes two surrogates as one character for RE2', () => {
		expect(printRe2(parse('😀').root, 'unicode')?.source).toBe('\\x{1f600}');
	});
});

describe('costs', () => {
	it.each([
		['abc', 4],
		['(?:ab){10}', 40],
		['a*', 2],
		['(?:(?:a{10}){10}){10}', 2110],
	])('%s has the expanded size %i', (pattern, size) => {
		expect(expandedSizeOf(parse(pattern).root)).toBeLessThanOrEqual(size);
		expect(expandedSizeOf(parse(pattern).root)).toBeGreaterThan(size / 2);
	});

	it('counts the paths that V8 looks ahead', () => {
		const paths = (pattern: string) => lookaheadPathsOf(parse(pattern).root);
		expect(paths('abc')).toBe(1);
		expect(paths('(?:a|b)(?:c|d)')).toBe(4);
		expect(paths('a?b?')).toBe(4);
		expect(paths('[^\\n]+x')).toBeLessThan(20);
		expect(paths(`${'a?'.repeat(60)}${'b'.repeat(20)}`)).toBeGreaterThan(1_000_000);
	});
});

describe('counting units or characters', () => {
	it.each(['.+', '^(?<a>.+) - (?<b>.+)$', '[^\\n]*', 'a.*?b', '😀 \\w+', '(?:.+,)*x'])(
		'makes no difference to %s',
		(pattern) => {
			expect(isUnitSensitive(parse(pattern).root)).toBe(false);
		},
	);

	it.each(['.', '.{2}', '.+?', '.+.*', '😀+', '[😀]', '(?:.+)*', '\\W'])(
		'makes a difference to %s',
		(pattern) => {
			expect(isUnitSensitive(parse(pattern).root)).toBe(true);
		},
	);
});
