/** Sorted, disjoint ranges of UTF-16 units: first, last, first, last ... */
export type Ranges = readonly number[];

/** Sorts ranges and joins those that touch; takes only what is within 0..limit. */
export function toRanges(pairs: readonly (readonly [number, number])[], limit: number): Ranges {
	const sorted = pairs.filter(([from]) => from <= limit).toSorted((a, b) => a[0] - b[0]);
	const ranges: number[] = [];
	for (const [from, to] of sorted) {
		const last = ranges.at(-1);
		if (last !== undefined && from <= last + 1) {
			ranges[ranges.length - 1] = Math.max(last, Math.min(to, limit));
		} else ranges.push(from, Math.min(to, limit));
	}
	return ranges;
}

/** Ranges as pairs. */
export function* pairsOf(ranges: Ranges): Generator<readonly [number, number]> {
	for (let i = 0; i < ranges.length; i += 2) yield [ranges[i] ?? 0, ranges[i + 1] ?? 0];
}

/** All units of 0..limit that are not in the ranges. */
export function complement(ranges: Ranges, limit: number): Ranges {
	const result: number[] = [];
	let next = 0;
	for (const [from, to] of pairsOf(ranges)) {
		if (from > next) result.push(next, from - 1);
		next = to + 1;
	}
	if (next <= limit) result.push(next, limit);
	return result;
}

/** The units of `a` that are not in `b`. */
export function subtract(a: Ranges, b: Ranges, limit: number): Ranges {
	const rest = [...pairsOf(complement(a, limit)), ...pairsOf(b)];
	return complement(toRanges(rest, limit), limit);
}

/** The units of either. */
export function union(a: Ranges, b: Ranges): Ranges {
	if (a.length === 0 || a === b) return b;
	return b.length === 0 ? a : toRanges([...pairsOf(a), ...pairsOf(b)], Infinity);
}

/** Joins ranges that have none of the others between them. */
export function joinAcross(ranges: Ranges, others: Ranges): Ranges {
	const joined: number[] = [];
	let next = 0;
	for (const [from, to] of pairsOf(ranges)) {
		let apart = joined.length === 0;
		for (; (others[next] ?? Infinity) < from; next += 2) apart = true;
		if (apart) joined.push(from, to);
		else joined[joined.length - 1] = to;
	}
	return joined;
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

/** Whether a unit is in the ranges; NaN is in none. */
export function includes(ranges: Ranges, unit: number): boolean {
	let low = 0;
	let high = ranges.length / 2 - 1;
	while (low <= high) {
		const middle = (low + high) >> 1;
		const from = ranges[2 * middle] ?? 0;
		const to = ranges[2 * middle + 1] ?? 0;
		if (unit >= from && unit <= to) return true;
		if (unit < from) high = middle - 1;
		else low = middle + 1;
	}
	return false;
}
