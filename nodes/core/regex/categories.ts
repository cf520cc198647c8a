import { BLOCKS } from './blocks';
import { toRanges, type Ranges } from './ranges';

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

function scan(contents: string, limit: number): Ranges {
	const expression = new RegExp(`[${contents}]`, 'u');
	const ranges: number[] = [];
	let inside = false;
	for (let unit = 0; unit <= limit; unit += 1) {
		if (expression.test(String.fromCharCode(unit)) === inside) continue;
		ranges.push(inside ? unit - 1 : unit);
		inside = !inside;
	}
	if (inside) ranges.push(limit);
	return ranges;
}
