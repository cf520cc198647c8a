import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../nodes/core/regex/parse/parser';
import { compileProgram } from '../../../nodes/core/regex/program/compile';
import { planSearch } from '../../../nodes/core/regex/program/search-plan';
import { UnitSets } from '../../../nodes/core/regex/sets/unit-set';
import { matchOnce } from './matching';

function planOf(pattern: string) {
	const sets = new UnitSets();
	const tree = parsePattern(pattern, {}, sets);
	return planSearch(tree.root, compileProgram(tree, sets).start.begins, sets);
}

describe('the place of a match', () => {
	it.each([
		['white.+rabbit', 'white', 'rabbit'],
		['\\bwhite (?=x)', 'white ', ''],
		['(?<=Ticket )No\\. \\d', 'No. ', ''],
		['(?<n>Host: )\\w+\\.com', 'Host: ', '.com'],
		['(?i)host', '', ''],
		['a+b', 'a', 'b'],
		['[.]com', '.com', ''],
		['(?:ab)+c', 'ab', 'c'],
		['(?:up|down) since', '', ' since'],
	])('of %s is where "%s" stands, with "%s" behind it', (pattern, prefix, needle) => {
		expect(planOf(pattern)).toMatchObject({ prefix, needle });
	});

	it.each([
		['^a', 'textStart'],
		['(?:^a|\\Ab)c', undefined],
		['^a|b', undefined],
		['(?m)^(?<k>\\w+)', 'lineStart'],
		['\\Ga', undefined],
	])('of %s is bound to %s', (pattern, anchor) => {
		expect(planOf(pattern).anchor).toBe(anchor);
	});

	it.each([
		['\\w+@', '@'],
		['(?<n>.*)x', 'x'],
		['\\w+\\s', ''],
	])('of %s is where a run begins that "%s" follows', (pattern, follower) => {
		expect(planOf(pattern)).toMatchObject({ run: {}, follower });
	});

	it.each(['\\w+', 'xa+b', 'a{2,9}b', '(a+)b\\1', '(?>a+?b)c', '(?>a+|b)c'])(
		'of %s may be within a run',
		(pattern) => {
			expect(planOf(pattern).run).toBeUndefined();
		},
	);

	it.each([
		['\\w{3,}a', '-aaaa', 1],
		['\\w{2,}x', 'abx ax aax', 0],
		['[ab]+b', 'ccabab', 2],
		['.*x', 'a\nbx', 2],
		['\\s+y', '  x  y', 3],
		['(?s).+b', 'ab', 0],
		['(?>a{2,}b)c', 'aabaaabc', 3],
		['(?i)fatal|panic', 'a fan of PANIC', 9],
	])('of %s in %j is %i', (pattern, text, index) => {
		expect(matchOnce(pattern, text)?.index).toBe(index);
	});
});
