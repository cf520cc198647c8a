import { describe, expect, it } from 'vitest';
import { compilePattern, MatchBudget, type PatternMatch } from '../../../nodes/core/regex/pattern';

/** Where all matches begin and what they are. */
function matchesOf(pattern: string, text: string): (readonly [number, string])[] {
	const program = compilePattern(pattern);
	const budget = new MatchBudget();
	const found: (readonly [number, string])[] = [];
	let match: PatternMatch | undefined;
	while ((match = program.match(text, budget, match)) !== undefined) {
		found.push([match.index, match.value]);
	}
	return found;
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
	it.each(VECTORS)('of %s on %j are those of .NET', (pattern, text, expected) => {
		expect(matchesOf(pattern, text)).toEqual(expected);
	});
});
