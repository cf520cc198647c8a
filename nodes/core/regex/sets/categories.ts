import { BLOCKS } from './blocks';
import { LAST_UNIT, toRanges, type Ranges } from './ranges';

const FIRST_LOW_SURROGATE = 0xdc00;
const CHUNK = 4096;
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
const NAMES: ReadonlySet<string> = new Set(GENERAL_CATEGORIES.split(' '));

/** The units of a block, `\p{IsGreek}`; undefined for what is none. */
export function rangesOfBlock(name: string): readonly [number, number] | undefined {
	return BLOCKS.get(name);
}

/** Whether `\p{name}` is a general category of .NET. */
export function isCategory(name: string): boolean {
	return NAMES.has(name);
}

/** Registry of computed tables by name: they depend on nothing but V8's Unicode data. */
const tables = new Map<string, Ranges>();

/** The units of a category or shorthand. */
export function rangesOfCategory(name: string): Ranges {
	const known = tables.get(name);
	if (known !== undefined) return known;
	const ranges = scan(SHORTHAND_CONTENTS.get(name) ?? `\\p{${name}}`);
	tables.set(name, ranges);
	return ranges;
}

/** Lets V8 find the runs in a text of all units; in two pieces, so that no two surrogates make one character. */
function scan(contents: string): Ranges {
	const runs = new RegExp(`[${contents}]+`, 'gu');
	const pieces = [
		[0, FIRST_LOW_SURROGATE],
		[FIRST_LOW_SURROGATE, LAST_UNIT + 1],
	] as const;
	return toRanges(
		pieces.flatMap(([start, end]) =>
			Array.from(unitsBetween(start, end).matchAll(runs), ({ index, 0: run }) => {
				return [start + index, start + index + run.length - 1] as const;
			}),
		),
	);
}

function unitsBetween(start: number, end: number): string {
	let text = '';
	for (let from = start; from < end; from += CHUNK) {
		const length = Math.min(CHUNK, end - from);
		text += String.fromCharCode(...Array.from({ length }, (_, index) => from + index));
	}
	return text;
}
