import type { UnitRange } from '../syntax-tree';
import { LAST_UNIT } from './unit-set';

/** Registry of the one table of case variants, unit -> all its variants; it depends on nothing but V8's Unicode data. */
const registry: { variants?: ReadonlyMap<number, readonly UnitRange[]> } = {};

/** Ranges with what IgnoreCase treats as equal to their units: those with the same invariant lower case. */
export function withCaseVariants(ranges: readonly UnitRange[]): readonly UnitRange[] {
	const variants = (registry.variants ??= collectVariants());
	const added = ranges.flatMap(({ from, to }) => {
		const units: UnitRange[] = [];
		for (let unit = from; unit <= to; unit += 1) units.push(...(variants.get(unit) ?? []));
		return units;
	});
	return [...ranges, ...added];
}

/** Groups of units with one lower case, for each of their units. */
function collectVariants(): ReadonlyMap<number, readonly UnitRange[]> {
	const groups = new Map<number, number[]>();
	for (let unit = 0; unit <= LAST_UNIT; unit += 1) {
		const lower = foldCase(unit);
		if (lower === unit) continue;
		const group = groups.get(lower) ?? [lower];
		group.push(unit);
		groups.set(lower, group);
	}
	return new Map(
		[...groups.values()].flatMap((group) => {
			const ranges = group.map((unit) => ({ from: unit, to: unit }));
			return group.map((unit) => [unit, ranges]);
		}),
	);
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
