import { includes, pairsOf, type Ranges } from './ranges';

const LAST_ASCII = 0x7f;
const LAST_UNIT = 0xffff;
/** U+212A KELVIN SIGN, the one character outside ASCII whose lower case, k, is within. */
const KELVIN_SIGN = 0x212a;
const ALPHABET: readonly (readonly number[])[] = Array.from({ length: 26 }, (_, index) => [
	0x41 + index,
	0x61 + index,
	...(index === 10 ? [KELVIN_SIGN] : []),
]);

/** Registry of the one table of case variants; it depends on nothing but V8's Unicode data. */
const registry: { all?: readonly (readonly number[])[] } = {};

/**
 * Adds to ranges what IgnoreCase treats as equal: the units with the same invariant lower case.
 * Ranges are those of the pattern (up to U+FFFF), the result is cut to 0..limit.
 */
export function caseVariantsOf(ranges: Ranges, limit: number): (readonly [number, number])[] {
	const groups = limit <= LAST_ASCII ? ALPHABET : (registry.all ??= collectVariants());
	const added = groups.filter((units) => units.some((unit) => includes(ranges, unit)));
	return [...pairsOf(ranges), ...added.flat().map((unit) => [unit, unit] as const)].filter(
		([from]) => from <= limit,
	);
}

/** Groups of units with one lower case. */
function collectVariants(): number[][] {
	const byLower = new Map<number, number[]>();
	for (let unit = 0; unit <= LAST_UNIT; unit += 1) {
		const lower = foldCase(unit);
		if (lower === unit) continue;
		const group = byLower.get(lower);
		if (group === undefined) byLower.set(lower, [lower, unit]);
		else group.push(unit);
	}
	return [...byLower.values()];
}

/**
 * The unit that stands for all units that IgnoreCase treats as equal: the invariant lower case.
 * A lower case of more than one unit, as that of U+0130, counts as none. The groups that follow are those of
 * .NET's RegexCaseEquivalences.Data.cs (2,336 units), and what later versions of Unicode have added.
 */
export function foldCase(unit: number): number {
	const lower = String.fromCharCode(unit).toLowerCase();
	return lower.length === 1 ? lower.charCodeAt(0) : unit;
}
