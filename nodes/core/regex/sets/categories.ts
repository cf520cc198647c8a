import { LAST_UNIT, UnitSet } from './unit-set';

const FIRST_LOW_SURROGATE = 0xdc00;
/** The names of .NET's general categories. */
export const GENERAL_CATEGORY =
	/^(?:L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?|C[cfnos]?)$/;
/**
 * What `\d`, `\w` and `\s` mean, what `\b` looks at, and what `\p{Lu}` means with IgnoreCase, as V8 class contents.
 * Source: Microsoft, "Character classes in .NET"; RegexCharClass.
 */
const SHORTHANDS: ReadonlyMap<string, string> = new Map([
	['d', '\\p{Nd}'],
	['w', '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}'],
	['s', '\\f\\n\\r\\t\\v\\x85\\p{Z}'],
	['b', '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}\\u200c\\u200d'],
	['casedLetter', '\\p{Lu}\\p{Ll}\\p{Lt}'],
]);

/** Registry of computed sets by name: they depend on nothing but V8's Unicode data. */
const computed = new Map<string, UnitSet>();

/** The units of a category or shorthand. */
export function unitsOfCategory(name: string): UnitSet {
	const units = computed.get(name) ?? scan(SHORTHANDS.get(name) ?? `\\p{${name}}`);
	computed.set(name, units);
	return units;
}

/** Lets V8 find the runs in a text of all units; in two pieces, so that no two surrogates make one character. */
function scan(contents: string): UnitSet {
	const runs = new RegExp(`[${contents}]+`, 'gu');
	const found = new UnitSet();
	for (const piece of [
		ALL_UNITS.slice(0, FIRST_LOW_SURROGATE),
		ALL_UNITS.slice(FIRST_LOW_SURROGATE),
	]) {
		const start = piece.charCodeAt(0);
		for (const { index, 0: run } of piece.matchAll(runs)) {
			found.add(start + index, start + index + run.length - 1);
		}
	}
	return found;
}

const ALL_UNITS = Buffer.from(
	Uint16Array.from({ length: LAST_UNIT + 1 }, (_, unit) => unit).buffer,
).toString('utf16le');
