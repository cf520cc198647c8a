import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	createLinearMatcher,
	createNativeMatcher,
	createStepwiseMatcher,
	type Matcher,
} from '../../../nodes/core/regex/engines/engines';
import {
	capturesEmptyRounds,
	isExactInJavaScript,
} from '../../../nodes/core/regex/engines/exactness';
import { compilePattern, type PatternMatch } from '../../../nodes/core/regex/pattern';
import { TextTraits } from '../../../nodes/core/regex/cost/text-traits';
import { parse, realBudget } from './matching';

type Next = (after?: PatternMatch) => PatternMatch | undefined;

/** Where all matches begin and what they are. */
function collect(next: Next): (readonly [number, string])[] {
	const found: (readonly [number, string])[] = [];
	for (let match = next(); match !== undefined; match = next(match)) {
		found.push([match.index, match.value]);
	}
	return found;
}

const compiled = (pattern: string, text: string): Next => {
	const program = compilePattern(pattern);
	const budget = realBudget(60_000);
	return (after) => program.match(text, budget, after);
};

const withMatcher =
	(matcher: Matcher, text: string): Next =>
	(after) => {
		const start = after === undefined ? 0 : after.index + after.value.length;
		const begin = after?.value === '' ? start + 1 : start;
		return begin > text.length ? undefined : matcher(text, begin, start);
	};

/** All matches by every engine that has its own way; `\G` is left to the stepwise one. */
function byEngine(pattern: string, text: string): ReadonlyMap<string, object> {
	const tree = parse(pattern);
	const { domain, surrogates } = new TextTraits(text);
	const all = new Map<string, object>([['chosen', collect(compiled(pattern, text))]]);
	const add = (name: string, matcher: Matcher | undefined) => {
		if (matcher !== undefined) all.set(name, collect(withMatcher(matcher, text)));
	};
	add('stepwise', createStepwiseMatcher(tree, domain));
	if (pattern.includes('\\G')) return all;
	if (isExactInJavaScript(tree.root)) {
		add('native', createNativeMatcher(tree, tree.root, domain, false).match);
	}
	if (!surrogates && !capturesEmptyRounds(tree.root)) {
		add('linear', createLinearMatcher(tree, domain)?.match);
	}
	return all;
}

/** Worked out from the .NET documentation of Regex.Matches and Match.NextMatch. */
const VECTORS: readonly (readonly [string, string, readonly (readonly [number, string])[]])[] = [
	[
		'a*',
		'baac',
		[
			[0, ''],
			[1, 'aa'],
			[3, ''],
			[4, ''],
		],
	],
	[
		'a',
		'banana',
		[
			[1, 'a'],
			[3, 'a'],
			[5, 'a'],
		],
	],
	[
		'\\b',
		'ab c',
		[
			[0, ''],
			[2, ''],
			[3, ''],
			[4, ''],
		],
	],
	[
		'(?m)^',
		'a\n\nb',
		[
			[0, ''],
			[2, ''],
			[3, ''],
		],
	],
	['^a', 'aa', [[0, 'a']]],
	['\\Aa', 'aa', [[0, 'a']]],
	[
		'(?m)$',
		'a\nb',
		[
			[1, ''],
			[3, ''],
		],
	],
	[
		'$',
		'a\n',
		[
			[1, ''],
			[2, ''],
		],
	],
	[
		'(?<=a)a',
		'aaab',
		[
			[1, 'a'],
			[2, 'a'],
		],
	],
	[
		'(?<!a)a',
		'aaba',
		[
			[0, 'a'],
			[3, 'a'],
		],
	],
	[
		'\\w+?x',
		'aaxbbx',
		[
			[0, 'aax'],
			[3, 'bbx'],
		],
	],
	[
		'.*',
		'ab\nc',
		[
			[0, 'ab'],
			[2, ''],
			[3, 'c'],
			[4, ''],
		],
	],
	[
		'\\G\\d',
		'12a3',
		[
			[0, '1'],
			[1, '2'],
		],
	],
	[
		'\\Ga*',
		'aab',
		[
			[0, 'aa'],
			[2, ''],
		],
	],
	['(?<=\\Ga)b', 'abb', [[1, 'b']]],
	[
		'',
		'😀',
		[
			[0, ''],
			[1, ''],
			[2, ''],
		],
	],
	[
		'.',
		'😀a',
		[
			[0, '\ud83d'],
			[1, '\ude00'],
			[2, 'a'],
		],
	],
	[
		'(a)|(b*)',
		'abba',
		[
			[0, 'a'],
			[1, 'bb'],
			[3, 'a'],
			[4, ''],
		],
	],
];

describe('all matches', () => {
	it.each(VECTORS)('of %s on %j are those of .NET with each engine', (pattern, text, expected) => {
		for (const [engine, found] of byEngine(pattern, text)) {
			expect([engine, found]).toEqual([engine, expected]);
		}
	});

	it.each([
		'a*',
		'\\w+?1',
		'\\b',
		'\\B',
		'(?m:^)a?',
		'(?m:$)',
		'a|ab*',
		'(?<=a)b?',
		'\\w+ ',
		'.*b',
		'[^a]+?$',
		'\\Aa',
		'a$',
		'(?>a+)b',
		'(a)?b',
		'\\s*',
		'\\Ga?',
		'ab',
	])('of %s are the same with all engines', (pattern) => {
		const letters = fc.constantFrom('a', 'b', '1', ' ', '\n', 'ä', '😀');
		const texts = fc.array(letters, { maxLength: 12 }).map((parts) => parts.join(''));
		fc.assert(
			fc.property(texts, (text) => {
				const [first, ...others] = byEngine(pattern, text);
				for (const [engine, found] of others) expect([engine, found]).toEqual([engine, first?.[1]]);
			}),
		);
	});
});
