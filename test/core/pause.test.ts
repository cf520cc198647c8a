import { describe, expect, it } from 'vitest';
import { IngestError } from '../../nodes/core/errors';
import { parseRetryAfter, restOfPause, toPause } from '../../nodes/core/pause';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;

describe('restOfPause', () => {
	it.each([
		['before its end', NOW + 1000, 1000],
		['at its end', NOW, 0],
		['after its end', NOW - 1, 0],
		['as long as the longest', NOW + HOUR, HOUR],
		['after the clock was set back', NOW + HOUR + 1, 0],
		['without an end', Number.NaN, 0],
	])('%s', (_when, until, rest) => {
		expect(restOfPause(until, NOW)).toBe(rest);
	});

	it('takes a shorter longest pause', () => {
		expect(restOfPause(NOW + 61_000, NOW, 60_000)).toBe(0);
	});
});

describe('toPause', () => {
	it.each([
		[undefined, undefined],
		[Number.NaN, undefined],
		[-5, 0],
		[1000, 1000],
		[HOUR + 1, HOUR],
		[2 ** 31, HOUR],
		[Number.POSITIVE_INFINITY, HOUR],
	])('makes %s %s', (asked, pause) => {
		expect(toPause(asked)).toBe(pause);
	});

	it('bounds what any error asks for', () => {
		expect(new IngestError('throttled', 'x', { retryAfterMs: 1e12 }).retryAfterMs).toBe(HOUR);
	});
});

describe('parseRetryAfter', () => {
	it.each([
		['120', 120_000],
		[' 120 ', 120_000],
		['0', 0],
		['99999999', HOUR],
		['99999999999999999999999', HOUR],
		['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
		['Sun, 01 Mar 2026 11:59:00 GMT', 0],
		['Sun, 01 Mar 2076 12:00:00 GMT', HOUR],
		['soon', undefined],
		['', undefined],
		[undefined, undefined],
	])('reads %s as %s ms', (header, milliseconds) => {
		expect(parseRetryAfter(header, NOW)).toBe(milliseconds);
	});
});
