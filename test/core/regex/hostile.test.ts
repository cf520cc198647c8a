import { describe, expect, it } from 'vitest';
import { MatchBudget } from '../../../nodes/core/regex/pattern';
import { matchByTurns } from './matching';

const repeated = (unit: string, length: number, suffix = '') =>
	unit.repeat(Math.ceil(length / unit.length)) + suffix;
const attack = (pattern: string, text: string, totalSteps = 30_000_000) =>
	matchByTurns(pattern, text, new MatchBudget({ totalSteps }));

describe.each([4000, 100_000])('a text of %i characters', (length) => {
	it.each([
		['(a+)+$', 'a', '!'],
		['(a|a?)+!$', 'a', '?'],
		['(a|aa)+$', 'a', '!'],
		['(.*)*x', 'a', ''],
		['(.+)+\\d$', 'ab ', ''],
		['^(\\w+\\s?)*$', 'aaaa ', '!'],
		['(x+x+)+y', 'x', ''],
		['white.+rabbit', 'white ', 'rabbi'],
		['\\s+$', ' ', 'x'],
		['(a|b)*a(a|b){12}x', 'ab', ''],
		['(\\w+\\s)*(\\w+)@(\\w+\\.)+com', 'aa ', ''],
		['\\bfoo.+bar\\b', 'foo ä ', 'ba'],
		['(?s).*?a.*?b.*?c.*?d.*?[!?]', 'abcd', ''],
		['(?:a?){30}a{30}[!?]', 'a', ''],
		['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', ''],
	])('is decided for %s, which has many ways to fail', (pattern, unit, suffix) => {
		expect(attack(pattern, repeated(unit, length, suffix)).outcome).toBe('no match');
	});

	it.each([
		['white.+rabbit', 'white ', 'rabbit'],
		['(?<word>\\w+) zzz(\\d+)', 'lorem ipsum\n', 'end zzz7'],
		['(?i)skills: (?<skills>.+)', 'lorem ipsum\n', 'SKILLS: kung fu'],
		['(?<=ticket #)\\d+', 'lorem ipsum\n', 'ticket #42'],
		['\\bregards\\b', 'lorem ipsum\n', 'regards'],
		['(?<list>(?:\\d+(?:,(?=\\d)|;))+)$', '12,34,5;', ''],
		['^(?:(?<k>\\w+)(?:=(?<v>\\w+))?\\s+)+(?=END)', 'key=val more ', 'END'],
		[
			'(?s)<table>(?<t>(?:<tr>(?:<td>(?<c>(?:(?!</td>).)*)</td>)*</tr>\\s*)*)</table>',
			'<table><tr><td>a</td></tr>\n</table>',
			'',
		],
		[
			'(?m)^(?:(?:(?<host>[\\w.-]+)|(?<ip>\\d+(?:\\.\\d+){3}))(?: (?=\\S))?)+(?<!,)$',
			'a.b 10.0.0.1 ',
			'z',
		],
		['(?>(?:\\w+\\s)+)END', 'word two ', 'END'],
		['(?m)(?<rows>(?:^\\|.*\\|$\\n?)+)(?!\\|)', '| a | b |\n', ''],
		['(?<all>(?:(?<l>.*)\\n?)*)', 'line of text\n', ''],
		['^(?:[^()]|(?<d>\\()|(?<-d>\\)))*(?(d)(?!))$', '(a(b)c)', ''],
	])('is decided for %s, which matches', (pattern, unit, suffix) => {
		expect(attack(pattern, repeated(unit, length, suffix)).outcome).toBe('match');
	});

	it.each([
		['(a+)\\1+$', 'a', '!'],
		['(?<!x)(a+)+$', 'a', '!'],
		['^(?=(?<x>(a+)+)$)', 'a', '!'],
		['(?>(?:a|a)+)+(?=b)', 'a', '!'],
		['(?i)(?:(a)|b)+\\1c', 'ab', ''],
		['^(?:(?=.*a).)*x', 'ab ', ''],
		['^(?:(?<=^.*).)*$', 'ab ', '\n\n'],
		['^(?:(?>.*a)|(?<=a.*).)*?x', 'ab ', ''],
	])('is decided or given up for %s', (pattern, unit, suffix) => {
		const { outcome } = attack(pattern, repeated(unit, length, suffix), 3_000_000);
		expect(['no match', 'steps', 'memory']).toContain(outcome);
	});
});

describe('a pattern made to be large', () => {
	it.each([
		['counts in counts', '(?:.{1,1000}){1,1000}x'],
		['counts in counts in counts', '(?:(?:.{1000}){1000}){1000}x'],
		['unrolled repeats', `${'(?:'.repeat(190)}a${'){3}'.repeat(190)}x`],
		['many counts', '(?:ab){1000}'.repeat(200)],
		['alternatives', `(?:${Array.from({ length: 900 }, (_, i) => String(i)).join('|')})+x`],
		['Unicode classes', `(?:\\w\\s)${'[\\w-[\\d]]'.repeat(400)}x`],
		['optional parts', `${'a?'.repeat(1000)}${'a'.repeat(1000)}b`],
		['optional groups', `^${'(?:a|b)?'.repeat(400)}$`],
		['look-arounds', `${'(?=.*a)'.repeat(500)}x`],
		['nested look-arounds', `${'(?=a*'.repeat(190)}b${')'.repeat(190)}`],
		['captures in repeats', `${'(?:(a)|'.repeat(150)}b${')*'.repeat(150)}x`],
		['optional classes', `(?s:.*?)${'[ab]?'.repeat(60)}${'c'.repeat(20)}`],
		['choices', `x(?:${'(?:a|ab|)'.repeat(40)})dddddddddd`],
		['repeats of nothing much', `${'\\w*\\s*'.repeat(100)}z{9}`],
		['conditions', `${'(?(?=a)a|b)'.repeat(300)}x`],
	])('with %s is decided or given up', (_, pattern) => {
		for (const text of ['a'.repeat(2000), 'aä'.repeat(1000)]) {
			const { outcome } = attack(pattern, text, 3_000_000);
			expect(['no match', 'match', 'steps', 'memory']).toContain(outcome);
		}
	});
});
