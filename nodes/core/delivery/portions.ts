/** Splits a list, in order, into portions whose sizes add up to at most `most`; what is larger by itself has one alone. */
export function toPortions<Entry>(
	entries: Iterable<Entry>,
	most: number,
	sizeOf: (entry: Entry) => number,
): ReadonlyArray<readonly Entry[]> {
	const portions: Entry[][] = [];
	let left = 0;
	for (const entry of entries) {
		const size = sizeOf(entry);
		if (size > left || portions.length === 0) {
			portions.push([]);
			left = most;
		}
		left -= size;
		portions.at(-1)?.push(entry);
	}
	return portions;
}
