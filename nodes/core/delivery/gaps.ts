/** UIDs from one to another, both included. */
export interface UidRange {
	readonly from: number;
	readonly to: number;
}

/** Gaps that are remembered: a mailbox with more of them was read while it was full of holes, and SEARCH was checked then. */
const MAX_GAPS = 500;

/** The UIDs above `position` and up to `upTo` that are not among `seen` (ascending). */
export function gapsBetween(
	position: number,
	upTo: number,
	seen: readonly number[],
): readonly UidRange[] {
	const gaps: UidRange[] = [];
	let next = position + 1;
	for (const uid of [...seen, upTo + 1]) {
		if (uid > next) gaps.push({ from: next, to: Math.min(uid - 1, upTo) });
		next = Math.max(next, uid + 1);
	}
	return gaps;
}

/** Gaps once the messages `seen` (ascending) were looked at and the position went on; the oldest are given up when there are too many. */
export function moveOn(
	gaps: readonly UidRange[],
	{ position, upTo, seen }: { position: number; upTo: number; seen: readonly number[] },
): readonly UidRange[] {
	const left = gaps.flatMap(({ from, to }) =>
		gapsBetween(
			from - 1,
			to,
			seen.filter((uid) => from <= uid && uid <= to),
		),
	);
	const ahead = seen.filter((uid) => uid > position);
	return [...left, ...gapsBetween(position, upTo, ahead)].slice(-MAX_GAPS);
}

/** UIDs (ascending) as ranges. */
export function toRanges(uids: readonly number[]): readonly UidRange[] {
	const ranges: Array<{ from: number; to: number }> = [];
	for (const uid of uids) {
		const last = ranges.at(-1);
		if (last?.to === uid - 1) last.to = uid;
		else ranges.push({ from: uid, to: uid });
	}
	return ranges;
}

/** Gaps -> text for n8n's static data: `3:5,9:9`. */
export function formatGaps(gaps: readonly UidRange[]): string {
	return gaps.map(({ from, to }) => `${String(from)}:${String(to)}`).join(',');
}

/** Text of static data -> gaps; none for what is not such a text, since the audit is only a net. */
export function parseGaps(text: unknown): readonly UidRange[] {
	if (typeof text !== 'string' || !/^\d{1,10}:\d{1,10}(?:,\d{1,10}:\d{1,10})*$/.test(text))
		return [];
	return text.split(',').flatMap((range) => {
		const [from, to] = range.split(':').map(Number);
		return from !== undefined && to !== undefined && from <= to ? [{ from, to }] : [];
	});
}
