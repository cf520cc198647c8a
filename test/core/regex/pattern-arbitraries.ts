import fc from 'fast-check';

/** What generated patterns may contain. */
export interface Grammar {
	/** Characters and classes. */
	readonly atoms: readonly string[];
	readonly quantifiers: readonly string[];
	/** Openings of groups, each closed by a parenthesis. */
	readonly openings: readonly string[];
	/** Characters of the texts that patterns are tried on. */
	readonly alphabet: readonly string[];
}

const ATOMS = [
	'a',
	'b',
	'ab',
	'c',
	'1',
	'_',
	' ',
	'\\n',
	'.',
	'\\w',
	'\\d',
	'\\s',
	'\\W',
	'\\S',
	'\\D',
];
const CLASSES = [
	'[ab]',
	'[^a]',
	'[a-c-[b]]',
	'[\\w-[a]]',
	'[^\\n]',
	'[]a]',
	'[\\d_]',
	'[^\\w]',
	'[A-C]',
];
const ASSERTIONS = ['^', '$', '\\A', '\\z', '\\Z', '\\b', '\\B', '(?m:^)', '(?m:$)', '(?s:.)'];
const QUANTIFIERS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,3}?', '{2,}', '{0}'];
const LETTERS = ['a', 'b', 'c', 'A', 'B', '1', '_', ' ', '\n', ']'];

/** What both RE2 and JavaScript can express. */
export const COMMON_GRAMMAR: Grammar = {
	atoms: [...ATOMS, ...CLASSES, ...ASSERTIONS, '(?i:a)', '(?i:[a-b])'],
	quantifiers: QUANTIFIERS,
	openings: ['(', '(?:', '(?<n>', '(?<m>', '(?i:', '(?s:', '(?n:'],
	alphabet: LETTERS,
};

/** The same beyond ASCII; `\b` is left to JavaScript there. */
export const UNICODE_GRAMMAR: Grammar = {
	...COMMON_GRAMMAR,
	atoms: [
		...COMMON_GRAMMAR.atoms,
		'ä',
		'Ж',
		'(?i:Ä)',
		'[à-ü]',
		'\\p{Lu}',
		'\\P{L}',
		'😀',
		'.+',
		'[^ä]*',
	],
	alphabet: [...LETTERS, 'ä', 'Ä', 'ж', 'Ж', '\u0085', '\u2028', '😀', '\u00a0'],
};

/** Everything, for engines that do not need to share it with RE2. */
export const FULL_GRAMMAR: Grammar = {
	...COMMON_GRAMMAR,
	atoms: [...COMMON_GRAMMAR.atoms, '\\1', '\\2', '\\k<n>', '(?i:\\1)', '\\G'],
	openings: [...COMMON_GRAMMAR.openings, '(?=', '(?!', '(?<=', '(?<!', '(?>'],
};

/** Patterns of a grammar, some of which .NET would refuse, for instance for a reference to no group. */
export function patternsOf(grammar: Grammar): fc.Arbitrary<string> {
	return fc.letrec<{ pattern: string; sequence: string; quantified: string; atom: string }>(
		(tie) => ({
			atom: fc.oneof(
				{ maxDepth: 3, withCrossShrink: true },
				{ weight: 4, arbitrary: fc.constantFrom(...grammar.atoms) },
				{
					weight: 3,
					arbitrary: fc
						.tuple(fc.constantFrom(...grammar.openings), tie('pattern'))
						.map(([opening, body]) => `${opening}${body})`),
				},
			),
			quantified: fc
				.tuple(
					tie('atom'),
					fc.option(fc.constantFrom(...grammar.quantifiers), { nil: '', freq: 2 }),
				)
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

/** Texts of a grammar's alphabet. */
export function textsOf(grammar: Grammar): fc.Arbitrary<string> {
	return fc
		.array(fc.constantFrom(...grammar.alphabet), { maxLength: 10 })
		.map((characters) => characters.join(''));
}
