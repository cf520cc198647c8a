import { describe, expect, it } from 'vitest';
import { IngestError } from '../../../nodes/core/errors';
import {
	compilePattern,
	MAX_PATTERN_LENGTH,
	PatternSyntaxError,
} from '../../../nodes/core/regex/pattern';
import { MAX_DEPTH } from '../../../nodes/core/regex/parse/reader';

function refusalOf(pattern: string): PatternSyntaxError {
	try {
		compilePattern(pattern);
	} catch (error) {
		if (error instanceof PatternSyntaxError) return error;
		throw error;
	}
	throw new Error(`"${pattern}" was not refused`);
}

describe('a pattern that .NET refuses', () => {
	it.each([
		['ab*+c', 3, 'follows another quantifier', '(?>a+)'],
		['a{2}{3}', 4, 'follows another quantifier', '(?:a*)*'],
		['a**', 2, 'follows another quantifier', '(?:a*)*'],
		['*a', 0, 'nothing to repeat', '\\*'],
		['a|+', 2, 'nothing to repeat', '\\+'],
		['(?i)?', 4, 'nothing to repeat', '\\?'],
		['a{3,1}', 1, 'reverse order', ''],
		['a{99999999999}', 1, 'too large', ''],
		['x(?P<n>a)', 1, '(?P<', '(?<name>...)'],
		['(?<n>a)(?P=n)', 7, '(?P=', '\\k<name>'],
		['(?R)', 0, 'recursion', ''],
		['(?|a)', 0, '(?|', 'same name'],
		['a(?z)', 1, 'no group that .NET knows', ''],
		['a(b', 1, 'not closed', '\\('],
		['ab)', 2, 'closes nothing', '\\)'],
		['a(?#b', 1, 'comment', ''],
		['a[bc', 1, 'not closed', '\\['],
		['[z-a]', 3, 'reverse order', ''],
		['[a-\\d]', 3, 'cannot end a range', ''],
		['[a-z-[b]c]', 8, 'last thing', ''],
		['\\p{Cyrillic}', 0, 'neither a Unicode category nor a block', 'IsCyrillic'],
		['\\pL', 0, 'name in braces', '\\p{L}'],
		['\\p{L', 0, 'not closed', ''],
		['ab\\', 2, 'backslash ends', '\\\\'],
		['a\\_', 1, 'not an escape', ''],
		['\\Qa\\E', 0, 'not an escape', '\\Q'],
		['\\R', 0, 'not an escape', '\\r?\\n'],
		['\\x{41}', 0, '2 hexadecimal digits', '\\x{...}'],
		['\\u00g0', 0, '4 hexadecimal digits', ''],
		['\\c1', 0, 'control character', ''],
		['\\cſ', 0, 'control character', ''],
		['a\\1', 1, 'group 1', ''],
		['\\k<x>', 0, 'group x', ''],
		['\\ka', 0, 'needs a name', ''],
		['(?<1a>b)', 3, 'name of a group', ''],
		['(?<>b)', 3, 'name of a group', ''],
		['(?<0>b)', 3, 'number 0', ''],
		['(?<-a>b)', 0, 'names the group a', ''],
		['(?<b-a>b)', 0, 'names the group a', ''],
		['(?<b->b)', 3, 'name of a group', ''],
		['(?(1)b)', 0, 'a group that there is not', ''],
		['(a)(?(1|b)', 3, 'a group that there is not', ''],
		['(?(?i)a)', 2, 'takes no options', ''],
		['(?(?=a)b|c|d)', 0, 'more than two', ''],
		['(?(?#a)b)', 0, 'condition', ''],
	])('%s: position %i, "%s", hint "%s"', (pattern, position, problem, hint) => {
		const error = refusalOf(pattern);
		expect(error.position).toBe(position);
		expect(error.problem).toContain(problem);
		expect(error.remedy).toContain(hint);
	});

	it('is refused as a configuration error that names the pattern and counts from one', () => {
		const error = refusalOf('a++');
		expect(error).toBeInstanceOf(IngestError);
		expect(error.code).toBe('pattern');
		expect(error.kind).toBe('configuration');
		expect(error.message).toBe(
			'Pattern "a++": the quantifier "+" follows another quantifier (position 3).',
		);
		expect(error.source).toBe('a++');
	});

	it('is shown by its beginning when it is long', () => {
		const error = refusalOf(`${'a'.repeat(3000)}(`);
		expect(error.message.length).toBeLessThan(400);
		expect(error.position).toBe(3000);
	});
});

describe('a pattern that .NET accepts and we do not run', () => {
	it('is one longer than the limit', () => {
		expect(() => compilePattern('a'.repeat(MAX_PATTERN_LENGTH))).not.toThrow();
		expect(refusalOf('a'.repeat(MAX_PATTERN_LENGTH + 1)).problem).toContain('50000 characters');
	});

	it.each(['(', '(?:', '(?=', '(?<n>', '(?(?=a)'])(
		'is one with %s nested too deeply',
		(opening) => {
			const nested = (depth: number) => opening.repeat(depth) + ')'.repeat(depth);
			expect(() => compilePattern(nested(MAX_DEPTH - 1))).not.toThrow();
			expect(refusalOf(nested(MAX_DEPTH + 1)).problem).toContain('nested');
		},
	);

	it('is one whose classes are subtracted too deeply', () => {
		expect(refusalOf('[a-'.repeat(1000)).problem).toContain('too deeply');
	});
});

describe('group names', () => {
	it.each([
		['(?<b>x)(y)(?<a>z)', ['b', 'a']],
		["(?'n'x)", ['n']],
		['(?<n>x)|(?<n>y)', ['n']],
		['(?<7>x)(y)', []],
		['(?<größe>x)', ['größe']],
		['(?n)(x)(?<a>y)', ['a']],
		['(?#(?<no>)[(?<no>](?<__proto__>x)(?<constructor>y)', ['__proto__', 'constructor']],
	])('of %s are %j', (pattern, names) => {
		expect(compilePattern(pattern).groupNames).toEqual(names);
	});
});
