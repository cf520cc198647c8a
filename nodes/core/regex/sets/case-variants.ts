import { LAST_UNIT, type UnitSet } from './unit-set';

/** Registry of the one table of units with the same lower case, by that; it depends on nothing but V8's Unicode data. */
const registry: { variants?: ReadonlyMap<number, readonly number[]> } = {};

/** The units that IgnoreCase treats as equal to one, itself included. */
export function variantsOf(unit: number): readonly number[] {
	return caseVariants().get(foldCase(unit)) ?? [unit];
}

/** Adds what IgnoreCase treats as equal to the units of a set: those with the same invariant lower case. */
export function addCaseVariants(set: UnitSet): void {
	for (const group of caseVariants().values()) {
		if (!group.some((unit) => set.has(unit))) continue;
		for (const unit of group) set.add(unit);
	}
}

function caseVariants() {
	if (registry.variants !== undefined) return registry.variants;
	const groups = new Map<number, number[]>();
	for (let unit = 0; unit <= LAST_UNIT; unit += 1) {
		const lower = foldCase(unit);
		if (lower !== unit) groups.set(lower, [...(groups.get(lower) ?? [lower]), unit]);
	}
	return (registry.variants = groups);
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
