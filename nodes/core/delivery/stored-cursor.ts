import { parseWaiting, toStoredWaiting } from '../expected/stored-silence';
import { formatGaps, parseGaps } from './gaps';
import { isRecord } from '../is-record';
import type { Cursor, PendingDelivery } from './cursor';

/** The form of a cursor in n8n's static data; raised when an older form can no longer be read. */
const VERSION = 1;
/** The form of the ids of what is pending; an earlier one is kept by what was handed over under it. */
const ID_FORM = 2;
const ENTRY = /^\d+(?:,\d+){3}$/;

/**
 * Cursor -> plain JSON for n8n's static data. Pending deliveries are one text, `uid,attempt,notBefore,received;...`: n8n
 * watches each list and object in its static data, which costs more than all the rest of a poll when there are hundreds.
 */
export function toStored(cursor: Cursor): Readonly<Record<string, unknown>> {
	return {
		...cursor,
		version: VERSION,
		idForm: ID_FORM,
		// Beside the entries, whose form the first version reads, too.
		firstIds: cursor.pending
			.filter(({ hasFirstId }) => hasFirstId === true)
			.map(({ uid }) => String(uid))
			.join(','),
		gaps: formatGaps(cursor.gaps),
		...(cursor.waiting !== undefined && { waiting: toStoredWaiting(cursor.waiting) }),
		strikes: formatCounts(cursor, 'strikes'),
		crashes: formatCounts(cursor, 'crashes'),
		pending: cursor.pending
			.map(
				({ uid, attempt, notBefore, received }) =>
					// Faster than joining a list, and a storm saves a thousand of them dozens of times.
					`${String(uid)},${String(attempt)},${String(notBefore)},${String(received)}`,
			)
			.join(';'),
	};
}

/**
 * Static data -> cursor, or undefined when there is none or it is not one: static data can be stale, rolled back or
 * edited, and a wrong position would skip mail.
 */
export function parseStored(value: unknown): Cursor | undefined {
	if (!isRecord(value) || value['version'] !== VERSION) return undefined;
	const texts = readAll(value, ['account', 'mailbox', 'uidValidity', 'rulesKey'], isText);
	const counts = readAll(
		value,
		['position', 'rescanBelow', 'receivedFrom', 'lastReceived'],
		isCount,
	);
	const pending = toEntries(value['pending']);
	if (texts === undefined || counts === undefined || pending === undefined) return undefined;
	const deliveries = pending.map(parsePending);
	if (!deliveries.every((delivery) => delivery !== undefined)) return undefined;
	const hasFirstId = readFirstIds(value);
	const strikes = readCounts(value, 'strikes');
	const crashes = readCounts(value, 'crashes');
	const waiting = parseWaiting(value['waiting']);
	return {
		...texts,
		...counts,
		failingSince: isCount(value['failingSince']) ? value['failingSince'] : 0,
		...(value['ranHere'] === true && { ranHere: true }),
		...(isCount(value['generation']) && { generation: value['generation'] }),
		gaps: parseGaps(value['gaps']),
		...(waiting.length > 0 && { waiting }),
		pending: deliveries.map((delivery) => ({
			...delivery,
			...(hasFirstId(delivery.uid) && { hasFirstId: true }),
			...strikes.get(delivery.uid),
			...crashes.get(delivery.uid),
		})),
	};
}

/** What is counted of few deliveries, beside the entries: `uid:count,...`. */
type Counter = 'strikes' | 'crashes';

function formatCounts({ pending }: Cursor, counter: Counter): string {
	return pending
		.filter((delivery) => (delivery[counter] ?? 0) > 0)
		.map((delivery) => `${String(delivery.uid)}:${String(delivery[counter])}`)
		.join(',');
}

/** The counts by UID; what is not in order is forgotten, which only costs attempts. */
function readCounts(
	value: Readonly<Record<string, unknown>>,
	counter: Counter,
): ReadonlyMap<number, Partial<Record<Counter, number>>> {
	const text = value[counter];
	const entries = typeof text === 'string' ? text.split(',') : [];
	return new Map(
		entries.flatMap((entry) => {
			const [uid, count] = entry.split(':').map(Number);
			return isCount(uid) && isCount(count) && count > 0 ? [[uid, { [counter]: count }]] : [];
		}),
	);
}

/** Tells which UIDs have an id of the first form: all of a cursor that knows no other. */
function readFirstIds({
	idForm,
	firstIds,
}: Readonly<Record<string, unknown>>): (uid: number) => boolean {
	if (idForm !== ID_FORM) return () => true;
	const uids = new Set(typeof firstIds === 'string' ? firstIds.split(',') : []);
	return (uid) => uids.has(String(uid));
}

/** The named fields, or undefined when one of them is not what it has to be. */
function readAll<Key extends string, Value>(
	record: Readonly<Record<string, unknown>>,
	keys: readonly Key[],
	isValue: (value: unknown) => value is Value,
): Record<Key, Value> | undefined {
	const found: Partial<Record<Key, Value>> = {};
	for (const key of keys) {
		const value = record[key];
		if (!isValue(value)) return undefined;
		found[key] = value;
	}
	return found as Record<Key, Value>;
}

/** Texts of the entries, which once were lists; undefined for what is neither. */
function toEntries(value: unknown): readonly string[] | undefined {
	if (Array.isArray(value)) return value.map(String);
	if (typeof value !== 'string') return undefined;
	return value === '' ? [] : value.split(';');
}

function parsePending(entry: string): PendingDelivery | undefined {
	if (!ENTRY.test(entry)) return undefined;
	const [uid, attempt, notBefore, received] = entry.split(',').map(Number);
	if (!isCount(uid) || !isCount(attempt) || !isCount(notBefore) || !isCount(received)) {
		return undefined;
	}
	return { uid, attempt, notBefore, received };
}

function isText(value: unknown): value is string {
	return typeof value === 'string';
}

function isCount(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
