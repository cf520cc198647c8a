import { packMessageRange } from 'imapflow/lib/tools.js';

/** Servers must take command lines of 8,192 bytes (RFC 7162, 4); the rest of the command needs some of that. */
const MAX_SET_LENGTH = 7_000;

/**
 * Writes UIDs as sequence sets (`1:3,5`), each short enough for one command line.
 *
 * Only positive whole numbers are written, so that no `*` and no open range can come of it.
 */
export function toUidSets(uids: readonly number[], maxLength = MAX_SET_LENGTH): readonly string[] {
	const packed = packMessageRange(uids.filter((uid) => Number.isSafeInteger(uid) && uid > 0));
	if (packed === '') return [];
	const sets: string[] = [];
	let current = '';
	for (const range of packed.split(',')) {
		if (current !== '' && current.length + 1 + range.length > maxLength) {
			sets.push(current);
			current = '';
		}
		current = current === '' ? range : `${current},${range}`;
	}
	return [...sets, current];
}

/** Those of `uids` that a sequence set of numbers (`1:3,5`) names. */
export function uidsInSet(set: string, uids: Iterable<number>): readonly number[] {
	const ranges = set.split(',').map((range) => range.split(':').map(Number));
	return [...uids].filter((uid) =>
		ranges.some(([from = 0, to = from]) => from <= uid && uid <= to),
	);
}
