import { isRecord } from './config/fields';
import type { Cursor, PendingDelivery } from './cursor';

/** The form of a cursor in n8n's static data; raised when an older form can no longer be read. */
const VERSION = 1;

/** Cursor -> plain JSON for n8n's static data; pending deliveries as `[uid, attempt, notBefore]` to stay small. */
export function toStored(cursor: Cursor): Readonly<Record<string, unknown>> {
	return {
		...cursor,
		version: VERSION,
		pending: cursor.pending.map(({ uid, attempt, notBefore }) => [uid, attempt, notBefore]),
	};
}

/**
 * Static data -> cursor, or undefined when there is none or it is not one: static data can be stale, rolled back or
 * edited, and a wrong position would skip mail.
 */
export function parseStored(value: unknown): Cursor | undefined {
	if (!isRecord(value) || value['version'] !== VERSION) return undefined;
	const { account, mailbox, uidValidity, position, pending, receivedFrom, lastReceived } = value;
	if (
		typeof account !== 'string' ||
		typeof mailbox !== 'string' ||
		typeof uidValidity !== 'string'
	) {
		return undefined;
	}
	if (
		!isCount(position) ||
		!isCount(receivedFrom) ||
		!isCount(lastReceived) ||
		!Array.isArray(pending)
	) {
		return undefined;
	}
	const deliveries = pending.map(parsePending);
	if (!deliveries.every((delivery) => delivery !== undefined)) return undefined;
	return {
		account,
		mailbox,
		uidValidity,
		position,
		pending: deliveries,
		receivedFrom,
		lastReceived,
	};
}

function parsePending(entry: unknown): PendingDelivery | undefined {
	if (!Array.isArray(entry)) return undefined;
	const [uid, attempt, notBefore] = entry as readonly unknown[];
	if (!isCount(uid) || !isCount(attempt) || !isCount(notBefore)) return undefined;
	return { uid, attempt, notBefore };
}

function isCount(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
