import { isRecord } from '../core/config/fields';
import { IngestError } from '../core/errors';
import type { ReadTriggerParameter } from './read-trigger-parameters';

/** Minutes between two safety scans; the description of the node shows the same default. */
export const SAFETY_SCAN = { fallback: 5, min: 1, max: 60 } as const;

const MINUTE_MS = 60_000;

/**
 * Reads how often the instant trigger looks whether it missed something, in milliseconds.
 *
 * @throws IngestError `configuration` with field, value and remedy
 */
export function readSafetyScan(read: ReadTriggerParameter): number {
	const options = read('options', {});
	const value = isRecord(options) ? (options['safetyScan'] ?? SAFETY_SCAN.fallback) : 0;
	const { min, max } = SAFETY_SCAN;
	if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
		return value * MINUTE_MS;
	}
	throw new IngestError('configuration', `Safety Scan is ${JSON.stringify(value)}.`, {
		field: 'Safety Scan',
		remedy: `Write a whole number of minutes from ${String(min)} to ${String(max)}.`,
	});
}
