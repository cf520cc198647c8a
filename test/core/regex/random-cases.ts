import fc from 'fast-check';
import type { OracleCase } from '../../support/dotnet/oracle';

const ATOMS = [
	...['a', 'b', 'ab', 'c', '1', '_', ' ', '\\n', '.', '\\w', '\\d', '\\s', '\\W', '\\S', '\\D'],
	...['[ab]', '[^a]', '[a-c-[b]]', '[\\w-[a]]', '[^\\n]', '[]a]', '[\\d_]', '[^\\w]', '[A-C]'],
	...['^', '$', '\\A', '\\z', '\\Z', '\\b', '\\B', '(?m:^)', '(?m:$)', '(?s:.)', '\\G'],
	...['(?i:a)', '(?i:[a-b])', '\\1', '\\2', '\\k<n>', '(?i:\\1)', 'ä', 'Ж', '😀', '.*', '.+?'],
];
/** What is easily misread; each is tried rarely, as much of it makes a pattern that .NET refuses. */
const ODDITIES = [
	...['\\x41', '\\u0061', '\\cA', '\\101', '\\12', '\\0', '\\e', '\\-', '#', '\\8', '[\\b]'],
	...['\\p{L}', '\\P{Lu}', '(?i:\\p{Lu})', '\\p{IsBasicLatin}', '(?i:\\P{IsBasicLatin})'],
	...['[a-\\x62]', '[a-b-[a-[b]]]', '[-a]', '[a-]', '[[::]]', '[a\\-c]', '[+--]', '[a-c-e]'],
	...['{', '}', 'a{', '{,3}', 'x{2', '(?#c)', '(?x) a b #c\n', '(?i)', '(?-i)', '(?m)', '(?s)'],
	...['(?n)', '(?x)', '(?-x)', '(?imsn-x)', '\\k<1>', '\\<n>', "\\k'n'", '(?<01>a)', '(?(1)a|b)'],
	...['(?(n)a|b)', '(?(x)a)', '(?((?=a)b)c|d)', '(?(?=a)(b)|(c))(d)', '(?(?!a)b)', '(?(0)a|b)'],
	...['(?<-n>a)', '(?<m-n>b)', '[', '[z-a]', ')', '*', '(?<a', '\\p{Foo}', '\\x4', 'ſ', 'ß', 'İ'],
];
const QUANTIFIERS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,3}?', '{2,}', '{0}'];
const OPENINGS = [
	...['(', '(?:', '(?<n>', '(?<m>', '(?i:', '(?s:', '(?n:', '(?=', '(?!', '(?<=', '(?<!', '(?>'],
	...['(?<-n>', '(?<m-n>', '(?<-1>', '(?<3>', "(?'n'", '(?(n)', '(?(1)', '(?(?=a)', '(?(a)'],
];
const LETTERS = [
	...['a', 'b', 'c', 'A', 'B', '1', '_', ' ', '\n', ']', 'a', 'b', 'ä', 'Ä', 'ж', 'Ж', '\u0085'],
	...['\u2028', '😀', '\u00a0', 'ſ', '\u212a', 'k', 'ß', 'İ', 'i', '-', '{', '#', '\r', '\u200d'],
];

/** Random patterns, some of which .NET refuses, with random texts: the same ones for a seed. */
export function randomCases(count: number, seed: number): readonly OracleCase[] {
	const texts = fc.array(fc.constantFrom(...LETTERS), { maxLength: 10 });
	const cases = fc.record({
		pattern: patterns(),
		options: fc.constantFrom('', '', '', '', 'i', 'm', 's', 'n', 'x', 'im'),
		input: texts.map((characters) => characters.join('')),
	});
	return fc.sample(cases, { numRuns: count, seed });
}

/** Bodies of groups, and how often one is repeated. */
const BODIES = ['', 'a', 'b', '\\w', '\\w+', '\\w*', 'ab', '\\w+?'];
const ROUNDS = ['', '', '', '?', '*', '+', '{2}'];
/** Where a group (1) and one that takes its capture away (2) may stand. */
const MEETINGS = [
	...['12', '1(?<=2)', '(?<=12)', '(?<=21)', '(?<=1)(?<=2)', '(?<=1(?=2))', '(?<=1(?<=2))'],
	...['(?<=2(?<=1))', '(?=1)(?<=2)', '(?=1)2', '(?=12)', '(?<=(?=1)2)', '(?:1(?<=2))+', '(?=1.)2'],
	...['(?=.1)2', '(?=..1)2', '(?>1(?<=2))', '(?:1|(?<=2))+', '(?<=(?:1|2)+)', '1(?>(?<=2))'],
	...['(?=.*1)2', '(?=.*1)(?<=2)', '(?<=2.1)', '(?<=2.*?1)', '(?=.*1)(?=.*1)2', '(?=.*1)1*2'],
	...['(?!12)', '(?<!21)', '(?!1(?=2))', '(?=.1)(?!2)', '(?>1|2)', '(?(?=1)2)', '(?(n)2|1)+'],
];
const BEFORE = ['', '', '(?<m>.)?', '.*?', '(?<n>)', '(?<m>)'];
const BEHIND = ['', '', '', '', '(?(n)a|b)', '.', '\\k<n>', '(?<m>.)', '(?(m)a|b)', '(?<-m>)'];

/** Balancing groups within and beside look-around, atomic groups and repeats, with random texts: the same ones for a seed. */
export function balancingCases(count: number, seed: number): readonly OracleCase[] {
	const group = (...names: string[]) =>
		fc
			.tuple(fc.constantFrom(...names), fc.constantFrom(...BODIES), fc.constantFrom(...ROUNDS))
			.map(([name, body, rounds]) => `(?<${name}>${body})${rounds}`);
	const parts = fc.tuple(
		fc.constantFrom(...BEFORE),
		fc.constantFrom(...MEETINGS),
		fc.constantFrom(...BEHIND),
		group('n', 'n', 'm'),
		group('m-n', 'm-n', '-n'),
	);
	const cases = fc.record({
		// A group must stand somewhere for another one to name it.
		pattern: parts.map(
			([before, meeting, behind, one, other]) =>
				`(?:(?<n>z)|(?<m>z)|)${before}${meeting.replaceAll('1', () => one).replaceAll('2', () => other)}${behind}`,
		),
		options: fc.constant(''),
		input: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 }),
	});
	return fc.sample(cases, { numRuns: count, seed });
}

function patterns(): fc.Arbitrary<string> {
	return fc.letrec<{ pattern: string; sequence: string; quantified: string; atom: string }>(
		(tie) => ({
			atom: fc.oneof(
				{ maxDepth: 4 },
				{ weight: 16, arbitrary: fc.constantFrom(...ATOMS) },
				{ weight: 1, arbitrary: fc.constantFrom(...ODDITIES) },
				{
					weight: 12,
					arbitrary: fc
						.tuple(fc.constantFrom(...OPENINGS), tie('pattern'))
						.map(([opening, body]) => `${opening}${body})`),
				},
			),
			quantified: fc
				.tuple(tie('atom'), fc.option(fc.constantFrom(...QUANTIFIERS), { nil: '', freq: 2 }))
				.map(([atom, quantifier]) => (quantifier === '' ? atom : `(?:${atom})${quantifier}`)),
			sequence: fc
				.array(tie('quantified'), { minLength: 0, maxLength: 3 })
				.map((items) => items.join('')),
			pattern: fc
				.array(tie('sequence'), { minLength: 1, maxLength: 2 })
				.map((options) => options.join('|')),
		}),
	).pattern;
}
