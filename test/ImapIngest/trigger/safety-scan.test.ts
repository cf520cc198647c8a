import { describe, expect, it } from 'vitest';

import { readSafetyScan } from '../../../nodes/ImapIngest/trigger/read-parameters';

describe('the option Safety Scan', () => {
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
