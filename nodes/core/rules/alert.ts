import { createHash } from 'node:crypto';

import type { AlertAction, Payload, PayloadRecord, Rule } from './rule';
import type { PayloadValue } from './typed-value';

/** What a message says of an alert: which one, and what becomes of it. */
export interface Alert {
	/** The same for the same values; at most 200 characters. */
	readonly key: string;
	readonly action: AlertAction;
}

/** PagerDuty takes 255 characters (Events API v2, dedup_key), Jira Service Management 512 (alias). */
const KEY_LENGTH = 200;
/** 64 bits of SHA-256 tell apart what a cut key no longer does. */
const DIGEST_LENGTH = 16;

/**
 * The alert of a payload, or undefined where the rule asks for none or a value of its key is missing or empty. An action
 * that no value decides is that of the rule.
 */
export function toAlert(rule: Rule, payload: Payload): Alert | undefined {
	const { alertKey = [], alertActions = [], alertAction = 'open' } = rule;
	const parts = alertKey.map((name) => normalise(textOf(payload, name)));
	if (parts.length === 0 || parts.includes('')) return undefined;
	const decided = alertActions.find(
		({ name, is }) => normalise(textOf(payload, name)) === normalise(is),
	);
	return { key: toKey(parts), action: decided?.action ?? alertAction };
}

/** The first name of the key that has no value in the payload. */
export function missingInKey({ alertKey = [] }: Rule, payload: Payload): string | undefined {
	return alertKey.find((name) => normalise(textOf(payload, name)) === '');
}

/** Two mails about one thing differ in case and blanks, and in how an accent is encoded. */
function normalise(text: string): string {
	return text.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** Readable, and never the same for different values: a slash divides them, so that one within a value is escaped. */
function toKey(parts: readonly string[]): string {
	const key = parts.map((part) => part.replaceAll('%', '%25').replaceAll('/', '%2F')).join('/');
	if (key.length <= KEY_LENGTH) return key;
	const digest = createHash('sha256').update(key).digest('hex').slice(0, DIGEST_LENGTH);
	// Half of a surrogate pair is no character.
	const start = key.slice(0, KEY_LENGTH - DIGEST_LENGTH - 1).replace(/[\uD800-\uDBFF]$/u, '');
	return `${start}~${digest}`;
}

function textOf(payload: Payload, name: string): string {
	const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
	if (value === undefined) return '';
	return typeof value === 'object' ? value.map(textOfEntry).join(', ') : String(value);
}

function textOfEntry(entry: PayloadValue | PayloadRecord | null): string {
	if (entry === null) return '';
	return typeof entry === 'object' ? JSON.stringify(entry) : String(entry);
}
