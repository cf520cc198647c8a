import { describe, expect, it } from 'vitest';

import { readSafetyScan, SAFETY_SCAN } from '../../../nodes/ImapIngest/trigger/read-parameters';
import { safetyScanOption } from '../../../nodes/ImapIngest/trigger/options-description';

describe('the option Safety Scan', () => {
	it('shows the limits and the default that count', () => {
		const { typeOptions, ...option } = safetyScanOption();
		expect(option.default).toBe(SAFETY_SCAN.fallback);
		expect(typeOptions).toMatchObject({ minValue: SAFETY_SCAN.min, maxValue: SAFETY_SCAN.max });
	});

	it.each([
		[undefined, 300_000],
		[1, 60_000],
		[60, 3_600_000],
	])('set to %s is %d milliseconds', (safetyScan, expected) => {
		expect(readSafetyScan(() => ({ safetyScan }))).toBe(expected);
	});

	it.each([0, 61, 1.5, '5'])('refuses %s', (safetyScan) => {
		expect(() => readSafetyScan(() => ({ safetyScan }))).toThrow(/Safety Scan is/);
	});
});
