import { isRecord } from '../is-record';
import type { Rule } from '../rules/rule';

/** A folder whose messages are deleted after a number of days. */
export interface RetentionTarget {
	readonly folder: string;
	readonly days: number;
}

/** On `day` (days since 1970, UTC), every message with a UID below `uidNext` was already in the folder. */
export interface RetentionMark {
	readonly day: number;
	readonly uidNext: number;
}

/** What is remembered of a folder so that "put there N days ago" can be told on servers without SAVEDATE. */
export interface RetentionMarks {
	readonly uidValidity: string;
	readonly marks: readonly RetentionMark[];
}

/** Enough to tell ages within a thirtieth of the retention time, and a bounded size in static data. */
const MAX_MARKS = 32;
const DAY_MS = 86_400_000;

/** Days since 1970 in UTC. */
export function dayOf(epochMs: number): number {
	return Math.floor(epochMs / DAY_MS);
}

/** Folders with a retention, each once; where two rules differ the longer time counts, since it deletes less. */
export function retentionTargets(rules: readonly Rule[]): readonly RetentionTarget[] {
	const days = new Map<string, number>();
	for (const { cleanUp } of rules) {
		if (cleanUp.action !== 'moveToFolder' || cleanUp.deleteAfterDays === undefined) continue;
		days.set(cleanUp.folder, Math.max(days.get(cleanUp.folder) ?? 0, cleanUp.deleteAfterDays));
	}
	return [...days].map(([folder, value]) => ({ folder, days: value }));
}

/**
 * Notes how far a folder is filled today. UIDs only grow (RFC 3501, 2.3.1.1), so a message below a mark's `uidNext` was
 * put there on the mark's day or earlier; INTERNALDATE could not tell, since a move keeps it.
 */
export function addMark(
	known: RetentionMarks | undefined,
	folder: { readonly uidValidity: string; readonly uidNext: number },
	today: number,
	days: number,
): RetentionMarks {
	const marks = known?.uidValidity === folder.uidValidity ? known.marks : [];
	const last = marks.at(-1);
	const spacing = Math.max(1, Math.ceil(days / (MAX_MARKS - 2)));
	if (last !== undefined && today - last.day < spacing)
		return { uidValidity: folder.uidValidity, marks };
	const useful = marks.filter(
		(mark, index) => isStillUseful(marks, index, today, days) || mark === last,
	);
	return {
		uidValidity: folder.uidValidity,
		marks: [...useful, { day: today, uidNext: folder.uidNext }].slice(-MAX_MARKS),
	};
}

/** A mark is needed until the one after it is old enough too. */
function isStillUseful(
	marks: readonly RetentionMark[],
	index: number,
	today: number,
	days: number,
): boolean {
	const next = marks[index + 1];
	return next === undefined || today - next.day <= days;
}

/** UIDs below the returned one were put there over `days` days ago; undefined when none is known to be. */
export function expiredBelow(
	known: RetentionMarks,
	today: number,
	days: number,
): number | undefined {
	return known.marks.findLast((mark) => today - mark.day > days)?.uidNext;
}

/** Static data -> marks by folder; what is not in order is forgotten, which only delays deletion. */
export function parseRetentionMarks(value: unknown): ReadonlyMap<string, RetentionMarks> {
	const entries = isRecord(value) ? Object.entries(value) : [];
	return new Map(
		entries.flatMap(([folder, stored]) => {
			const marks = parseMarks(stored);
			return marks === undefined ? [] : [[folder, marks] as const];
		}),
	);
}

function parseMarks(value: unknown): RetentionMarks | undefined {
	if (
		!isRecord(value) ||
		typeof value['uidValidity'] !== 'string' ||
		!Array.isArray(value['marks'])
	) {
		return undefined;
	}
	const marks = value['marks'].flatMap((mark: unknown) =>
		isRecord(mark) && Number.isSafeInteger(mark['day']) && Number.isSafeInteger(mark['uidNext'])
			? [{ day: Number(mark['day']), uidNext: Number(mark['uidNext']) }]
			: [],
	);
	return { uidValidity: value['uidValidity'], marks };
}
