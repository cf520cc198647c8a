import { pairsOf, LAST_UNIT, type Ranges } from './ranges';

/** Registry of the one table of case variants, unit -> all its variants; it depends on nothing but V8's Unicode data. */
const registry: { variants?: ReadonlyMap<number, readonly number[]> } = {};

/** What IgnoreCase treats as equal to the units of some ranges: those with the same invariant lower case. */
export function caseVariantsOf(ranges: Ranges): readonly (readonly [number, number])[] {
	const variants = (registry.variants ??= collectVariants());
	const added = pairsOf(ranges).flatMap(([from, to]) => {
		const units: number[] = [];
		for (let unit = from; unit <= to; unit += 1) units.push(...(variants.get(unit) ?? []));
		return units;
	});
	return added.map((unit) => [unit, unit] as const);
}

/** Groups of units with one lower case, for each of their units. */
function collectVariants(): ReadonlyMap<number, readonly number[]> {
	const groups = new Map<number, number[]>();
	for (let unit = 0; unit <= LAST_UNIT; unit += 1) {
		const lower = foldCase(unit);
		if (lower === unit) continue;
		const group = groups.get(lower) ?? [lower];
		group.push(unit);
		groups.set(lower, group);
	}
	return new Map([...groups.values()].flatMap((group) => group.map((unit) => [unit, group])));
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
