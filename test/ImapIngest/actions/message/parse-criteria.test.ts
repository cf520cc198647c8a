import { describe, expect, it } from 'vitest';

import { parseCriteria } from '../../../../nodes/ImapIngest/actions/message/parse-criteria';

const parse = (criteria: unknown, timezone = 'UTC') => parseCriteria(criteria, timezone);

describe('search criteria', () => {
	it('may be left out altogether', () => {
		expect(parse({})).toEqual({});
	});

	it('are taken as they are given, sizes in bytes', () => {
		const texts = { from: 'trinity', to: 'neo', subject: 'alert', body: 'rabbit' };
		const switches = { unread: false, flagged: true, hasAttachment: false };
		expect(parse({ ...texts, ...switches, largerThan: 2 })).toEqual({
			...texts,
			...switches,
			largerThan: 2048,
		});
	});

	it.each([
		['2026-11-23', 'UTC', '2026-11-23T00:00:00.000Z'],
		['2026-11-23T08:00:00', 'Europe/Berlin', '2026-11-23T07:00:00.000Z'],
		['2026-07-01T08:00:00', 'Europe/Berlin', '2026-07-01T06:00:00.000Z'],
		['2026-11-23T08:00:00+05:00', 'Europe/Berlin', '2026-11-23T03:00:00.000Z'],
	])('reads %s in %s', (since, timezone, moment) => {
		expect(parse({ since }, timezone)).toEqual({ since: new Date(moment) });
	});

	it.each<[string, object, string]>([
		['an empty text', { from: '' }, 'From is empty.'],
		['blanks', { subject: '  ' }, 'Subject is "  ".'],
		['two lines', { body: 'a\r\nALL' }, 'Body is "a\\r\\nALL".'],
		['an expression without a result', { to: undefined }, 'To is empty.'],
		['a list', { to: ['neo'] }, 'To is ["neo"].'],
		['no date', { since: '' }, 'Arrived Since is empty.'],
		['null for a date', { before: null }, 'Arrived Before is null.'],
		['what is no date', { before: 'yesterday-ish' }, 'Arrived Before is "yesterday-ish".'],
		['a number for a switch', { unread: 1 }, 'Unread is 1.'],
		['a text for a switch', { flagged: 'false' }, 'Flagged is "false".'],
		['a negative size', { largerThan: -1 }, 'Larger Than (KiB) is -1.'],
		['a size as text', { largerThan: '5' }, 'Larger Than (KiB) is "5".'],
		['an unknown criterion', { sender: 'x' }, 'Criteria has an unknown criterion "sender".'],
		[
			'a name of every object',
			{ constructor: 'x' },
			'Criteria has an unknown criterion "constructor".',
		],
	])('refuse %s, which would find more than was meant', (_case, criteria, message) => {
		expect(() => parse(criteria)).toThrow(
			expect.objectContaining({ code: 'configuration', message }),
		);
	});
});
