import { isRecord } from '../is-record';
import type { Waiting } from './silence';

/** One text: n8n watches each list and object in its static data. */
export function toStoredWaiting(waiting: readonly Waiting[]): string {
	return JSON.stringify(waiting);
}

/** What can be read of it; a rule whose entry is not in order is watched from now on. */
export function parseWaiting(value: unknown): readonly Waiting[] {
	const entries = typeof value === 'string' ? parse(value) : undefined;
	return Array.isArray(entries) ? entries.filter(isWaiting) : [];
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const OPTIONAL = ['seen', 'lead', 'gap', 'downAt', 'failedAt', 'upAt'] as const;

function isWaiting(value: unknown): value is Waiting {
	if (!isRecord(value)) return false;
	const { rule, key, due, from, fresh } = value;
	if (typeof rule !== 'string' || typeof key !== 'string') return false;
	const times = [due, from, ...(Array.isArray(fresh) ? fresh : [undefined])];
	const others = OPTIONAL.map((name) => value[name]).filter((time) => time !== undefined);
	return [...times, ...others].every((time) => Number.isSafeInteger(time));
}
