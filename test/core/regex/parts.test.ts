import { describe, expect, it } from 'vitest';
import { BLOCKS } from '../../../nodes/core/regex/sets/blocks';
import { caseVariantsOf, foldCase } from '../../../nodes/core/regex/sets/case-variants';
import { rangesOfCategory } from '../../../nodes/core/regex/sets/categories';
import { lookaheadPathsOf } from '../../../nodes/core/regex/cost/lookahead-paths';
import { printJavaScript } from '../../../nodes/core/regex/engines/print-javascript';
import { QUICK_RANGES } from '../../../nodes/core/regex/engines/print-set';
import { printRe2 } from '../../../nodes/core/regex/engines/print-re2';
import { expandedSizeOf } from '../../../nodes/core/regex/cost/program-size';
import { complement, includes, subtract, toRanges } from '../../../nodes/core/regex/sets/ranges';
import { rewoundUnitsOf } from '../../../nodes/core/regex/cost/lengths';
import { searchFromRunStarts } from '../../../nodes/core/regex/cost/run-starts';
import { SearchCost } from '../../../nodes/core/regex/cost/search-cost';
import { createSearchStart } from '../../../nodes/core/regex/cost/search-start';
import { anyShapeOf, TextTraits, type TextShape } from '../../../nodes/core/regex/cost/text-traits';
import { isUnitSensitive } from '../../../nodes/core/regex/engines/unit-sensitivity';
import { simplifyBoundaries } from '../../../nodes/core/regex/engines/word-boundaries';
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

/** Steps to search a text of a shape. */
function stepsFor(pattern: string, shape: TextShape): number {
	return new SearchCost('ascii').stepsToSearch(searchFromRunStarts(parse(pattern).root), shape);
}

describe('a search', () => {
	it.each([
		['\\w+@', '(?<![0-9A-Z_a-z])[0-9A-Z_a-z]+@'],
		['(?<n>.*)x', '(?<![^\\u000a])([^\\u000a]*)x'],
		['a+b|c*?d', '(?<!a)a+b|(?<!c)c*?d'],
		['\\w+', '[0-9A-Z_a-z]+'],
		['xa+b', 'xa+b'],
		['a{2,9}b', 'a{2,9}b'],
		['(a+)b\\1', '(a+)b(?:\\1)'],
	])('for %s goes into a run at its start only, %s', (pattern, expected) => {
		expect(printJavaScript(searchFromRunStarts(parse(pattern).root), 'ascii').source).toBe(
			expected,
		);
	});

	it.each([
		['\\bÄ', true],
		['(?<n>\\w+)\\b', true],
		['\\b(?:Ä|ab?)x', true],
		['\\b-', false],
		['\\bx?', false],
		['\\B', false],
	])('beyond ASCII looks to one side of %s: %s', (pattern, oneSided) => {
		const { source } = printJavaScript(
			simplifyBoundaries(parse(pattern).root, 'unicode'),
			'unicode',
		);
		expect(source.match(/\(\?<?[!=]/g)).toHaveLength(oneSided ? 1 : 4);
	});

	it('uses lines of V8 where the text has no line ends but line feeds', () => {
		const { root } = parse('(?m)^a$(?-m)\\z');
		expect(printJavaScript(root, 'ascii', true)).toMatchObject({
			source: '^a$(?![^])',
			flags: 'm',
		});
		expect(new TextTraits('a\nb').lineFeedsOnly).toBe(true);
		for (const text of ['a\r', 'a\u2028', 'a\u2029b']) {
			expect(new TextTraits(text).lineFeedsOnly).toBe(false);
		}
	});

	it.each(['\\w', '\\W', '\\s', '\\S', '\\d', '\\D'])(
		'writes %s for common texts with few ranges, to which V8 is quick',
		(pattern) => {
			const { source } = printJavaScript(parse(pattern).root, 'common');
			expect(source.match(/\\u....|[^^[\]-]/g)?.length).toBeLessThanOrEqual(2 * QUICK_RANGES);
		},
	);
});

describe('the place of a match', () => {
	it.each([
		['white.+rabbit', 'the white rabbit', 4],
		['\\bwhite', 'the white rabbit', 0],
		['white', 'the rabbit', -1],
		['(?i)white', 'the WHITE rabbit', 0],
		['rabbit$', 'a rabbit, a rabbit\n', 12],
		['(?:up|down)$', 'it is up\n', 4],
		['[a-z]{3}$|\\z', 'it is up', 4],
		['.+$', 'it is up', 0],
		['(?m)up$', 'up\nand down', 0],
		['up$|down', 'up or down', 0],
	])('of %s in %s is %i or behind it', (pattern, text, from) => {
		expect(createSearchStart(parse(pattern).root)(text)).toBe(from);
	});
});

describe('a text', () => {
	it.each([
		['Hello', 'ascii'],
		['Grüße – “1 €” 😀', 'common'],
		['Привет, γειά, 你好！', 'common'],
		['مرحبا', 'unicode'],
	])('%s has the domain %s', (text, domain) => {
		expect(new TextTraits(text).domain).toBe(domain);
	});

	it.each([0, 1, 31, 32, 33, 64, 100])(
		'says how long its runs of white space may be: %i',
		(length) => {
			for (const start of [0, 1, 30, 31, 32, 50]) {
				const text = `${'x '.repeat(start)}${' \n\u2003'.repeat(length).slice(0, length)}x`;
				const { longestBlank } = new TextTraits(text).shape;
				expect(longestBlank).toBeGreaterThanOrEqual(length);
				expect(longestBlank).toBeLessThanOrEqual(Math.max(32, length + 1));
			}
		},
	);
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

	it('are those of every way from every start, where what comes next does not decide', () => {
		const steps = (pattern: string, length = 1000) =>
			stepsFor(pattern, { ...anyShapeOf(length), lines: 1 });
		expect(steps('abc')).toBeLessThan(5000);
		expect(steps('xa+b')).toBeGreaterThan(1000 ** 2);
		expect(steps('x[ab]+b')).toBeGreaterThan(1000 ** 2);
		expect(steps('x.+.+b')).toBeGreaterThan(1000 ** 3);
		expect(steps('(?:a+)+b')).toBeGreaterThan(1000 ** 3);
		expect(steps('(?:a|[ab]){60}c')).toBeGreaterThan(1e15);
		expect(steps('(?=.*(?=.*b))c')).toBeGreaterThan(1000 ** 2);
		expect(steps('x\\w+(?=.*@)-')).toBeGreaterThan(1000 ** 3);
	});

	it('are proportional to the text where runs are gone into once', () => {
		const ratio = (pattern: string) =>
			stepsFor(pattern, anyShapeOf(8000)) / stepsFor(pattern, anyShapeOf(1000));
		for (const pattern of [
			'\\w+@\\w+',
			'.*x',
			'\\s+$',
			'(?<all>(?s:.)*)x',
			'^.*x',
			'\\b\\w+:',
			'a|\\d+:x',
		]) {
			expect(ratio(pattern), pattern).toBeLessThan(10);
		}
		for (const pattern of ['x\\w+@', '(\\w+)@\\1', '\\w{0,9999}@', '\\b[\\w-]+:']) {
			expect(ratio(pattern), pattern).toBeGreaterThan(40);
		}
	});

	it('are bounded by the longest run of white space where nothing leaves it', () => {
		const words = { ...anyShapeOf(2000), longestBlank: 32 };
		for (const pattern of ['x\\s+y', '\\w+\\s+y', '(?m)^\\s*y', '(?:\\r?\\n)+y']) {
			expect(stepsFor(pattern, words), pattern).toBeLessThan(
				stepsFor(pattern, anyShapeOf(2000)) / 10,
			);
		}
	});

	it('are bounded by what a group captures where it is referred to', () => {
		expect(stepsFor('(\\w)\\1', anyShapeOf(1000))).toBeLessThan(10_000);
		expect(stepsFor('(\\w{1,9})x\\1', anyShapeOf(1000))).toBeLessThan(200_000);
		expect(stepsFor('x(\\w+)\\1', anyShapeOf(1000))).toBeGreaterThan(1000 ** 2);
	});

	it('are bounded by the longest line where nothing leaves it', () => {
		const lines = { length: 100_000, longestLine: 60, longestBlank: 10, lines: 2000 };
		expect(stepsFor('x.+y', lines)).toBeLessThan(100_000 * 200);
		expect(stepsFor('x[^y]+y', lines)).toBeGreaterThan(100_000 ** 2);
		expect(stepsFor('(?m)^\\w+: .+?,', lines)).toBeLessThan(1_000_000);
	});

	it('counts the units that V8 goes over again without a look at its time limit', () => {
		const units = (pattern: string) => rewoundUnitsOf(parse(pattern).root, 1000);
		expect(units('(?:.*a)+b')).toBe(0);
		expect(units('(?=.*a)b')).toBeLessThan(2000);
		expect(units('(?:(?!end).)*')).toBeLessThan(10_000);
		expect(units('(?=.*a)'.repeat(100))).toBeGreaterThan(100_000);
		expect(units('(?:(?=.*a).)*x')).toBeGreaterThan(1000 ** 2);
		expect(units('(?:(?>.*)(?<=a.*).)*x')).toBeGreaterThan(1000 ** 2);
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
