import { BLOCKS } from './blocks';
import { toRanges, type Ranges } from './ranges';

const FIRST_LOW_SURROGATE = 0xdc00;
const GENERAL_CATEGORIES =
	'L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cs Co Cn';
/**
 * What the shorthands mean, as V8 class contents: `\d`, `\w`, `\s`, what `\b` looks at, and what `\p{Lu}`
 * means with IgnoreCase. Source: Microsoft, "Character classes in .NET"; RegexCharClass.
 */
const SHORTHAND_CONTENTS: ReadonlyMap<string, string> = new Map([
	['digit', '\\p{Nd}'],
	['word', '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}'],
	['space', '\\f\\n\\r\\t\\v\\x85\\p{Z}'],
	['boundaryWord', '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}\\u200c\\u200d'],
	['casedLetter', '\\p{Lu}\\p{Ll}\\p{Lt}'],
]);
const NAMES: ReadonlySet<string> = new Set([...GENERAL_CATEGORIES.split(' '), ...BLOCKS.keys()]);

/** Whether `\p{name}` is known to .NET. */
export function isCategory(name: string): boolean {
	return NAMES.has(name);
}

/** Registry of computed tables by limit and name: they depend on nothing but V8's Unicode data. */
const tables = new Map<string, Ranges>();

/** The units 0..limit of a category, block or shorthand. */
export function rangesOfCategory(name: string, limit: number): Ranges {
	const key = `${String(limit)} ${name}`;
	const known = tables.get(key);
	if (known !== undefined) return known;
	const block = BLOCKS.get(name);
	const ranges =
		block === undefined
			? scan(SHORTHAND_CONTENTS.get(name) ?? `\\p{${name}}`, limit)
			: toRanges([block], limit);
	tables.set(key, ranges);
	return ranges;
}

/** Lets V8 find the runs in a text of all units; in two pieces, so that no two surrogates make one character. */
function scan(contents: string, limit: number): Ranges {
	const runs = new RegExp(`[${contents}]+`, 'gu');
	const pieces = [
		[0, Math.min(limit, FIRST_LOW_SURROGATE - 1)],
		[FIRST_LOW_SURROGATE, limit],
	] as const;
	const pairs = pieces.flatMap(([from, to]) => {
		const units = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) =>
			String.fromCharCode(from + index),
		).join('');
		return Array.from(units.matchAll(runs), ({ index, 0: run }) => {
			return [from + index, from + index + run.length - 1] as const;
		});
	});
	return toRanges(pairs, limit);
}
