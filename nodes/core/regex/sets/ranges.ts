/** Sorted, disjoint ranges of UTF-16 units: first, last, first, last ... */
export type Ranges = readonly number[];

export const LAST_UNIT = 0xffff;
export const ALL_UNITS: Ranges = [0, LAST_UNIT];

/** Sorts ranges and joins those that touch. */
export function toRanges(pairs: readonly (readonly [number, number])[]): Ranges {
	const sorted = pairs.toSorted((a, b) => a[0] - b[0]);
	const ranges: number[] = [];
	for (const [from, to] of sorted) {
		const last = ranges.at(-1);
		if (last !== undefined && from <= last + 1) ranges[ranges.length - 1] = Math.max(last, to);
		else ranges.push(from, to);
	}
	return ranges;
}

/** Ranges as pairs. */
export function pairsOf(ranges: Ranges): (readonly [number, number])[] {
	const pairs: (readonly [number, number])[] = [];
	for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i] ?? 0, ranges[i + 1] ?? 0]);
	return pairs;
}

/** All units that are not in the ranges. */
export function complement(ranges: Ranges): Ranges {
	const result: number[] = [];
	let next = 0;
	for (const [from, to] of pairsOf(ranges)) {
		if (from > next) result.push(next, from - 1);
		next = to + 1;
	}
	if (next <= LAST_UNIT) result.push(next, LAST_UNIT);
	return result;
}

/** The units of `a` that are not in `b`. */
export function subtract(a: Ranges, b: Ranges): Ranges {
	return complement(union([complement(a), b]));
}

/** The units of any. */
export function union(all: readonly Ranges[]): Ranges {
	return toRanges(all.flatMap(pairsOf));
}

/** Whether no unit is in both. */
export function areDisjoint(a: Ranges, b: Ranges): boolean {
	let [i, j] = [0, 0];
	while (i < a.length && j < b.length) {
		if ((a[i + 1] ?? 0) < (b[j] ?? 0)) i += 2;
		else if ((b[j + 1] ?? 0) < (a[i] ?? 0)) j += 2;
		else return false;
	}
	return true;
}

/** Whether a unit is in the ranges. */
export function includes(ranges: Ranges, unit: number): boolean {
	return !areDisjoint(ranges, [unit, unit]);
}
