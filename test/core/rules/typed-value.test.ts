import { describe, expect, it } from 'vitest';

import { compileDateFormat } from '../../../nodes/core/rules/date-format';
import { NUMBER_FORMATS } from '../../../nodes/core/rules/number-format';
import type { NumberFormat } from '../../../nodes/core/rules/number-format';
import { convertText } from '../../../nodes/core/rules/typed-value';

const number = (text: string, format?: NumberFormat) =>
	convertText(text, { kind: 'number', ...(format !== undefined && { format }) });
const date = (text: string, format?: string) =>
	convertText(text, { kind: 'date', ...(format !== undefined && { format }) });

describe('a number', () => {
	it.each<[string, number]>([
		['42', 42],
		[' 42 ', 42],
		['-7', -7],
		['+7', 7],
		['\u22127', -7],
		['007', 7],
		['.5', 0.5],
		['97.25', 97.25],
		['1e3', 1000],
		['2.5E-3', 0.0025],
		['9007199254740991', 9_007_199_254_740_991],
		['0', 0],
	])('is read from "%s"', (text, value) => {
		expect(number(text)).toBe(value);
	});

	it.each([
		'',
		' ',
		'.',
		'-',
		'5.',
		'12 %',
		'abc',
		'1,234',
		'1.234.567',
		'1 234',
		'0x10',
		'Infinity',
		'NaN',
		'1e999',
		'9007199254740993',
		'--1',
		'1-',
		'٣',
	])('is not guessed from "%s"', (text) => {
		expect(number(text)).toBeUndefined();
	});

	it.each<[NumberFormat, string, number | undefined]>([
		['1,234.5', '1,234,567.5', 1_234_567.5],
		['1,234.5', '1234.5', 1234.5],
		['1,234.5', '1,23', undefined],
		['1,234.5', '1,2345', undefined],
		['1,234.5', '1.234,5', undefined],
		['1.234,5', '1.234,5', 1234.5],
		['1.234,5', '1.234', 1234],
		['1.234,5', '12,5', 12.5],
		['1.234,5', '1.23', undefined],
		['1234,5', '12,5', 12.5],
		['1234,5', '12.5', undefined],
		['1 234,5', '1 234,5', 1234.5],
		['1 234,5', '1\u00A0234\u202F567,5', 1_234_567.5],
		['1 234.5', '1 234.5', 1234.5],
		["1'234.5", "1'234.5", 1234.5],
		["1'234.5", '1\u2019234.5', 1234.5],
	])('written as in %s is read from "%s" as %s', (format, text, value) => {
		expect(number(text, format)).toBe(value);
	});

	it.each(NUMBER_FORMATS)('is what the format %s shows', (format) => {
		expect(number(format, format)).toBe(1234.5);
	});
});

describe('a boolean', () => {
	it.each<[string, boolean | undefined]>([
		['true', true],
		['Yes', true],
		[' ON ', true],
		['1', true],
		['false', false],
		['no', false],
		['off', false],
		['0', false],
		['', undefined],
		['ok', undefined],
		['2', undefined],
	])('is read from "%s" as %s', (text, value) => {
		expect(convertText(text, { kind: 'boolean' })).toBe(value);
	});
});

describe('a date', () => {
	it.each<[string, string]>([
		['2026-11-23', '2026-11-23'],
		['2026-11-23 03:14', '2026-11-23T03:14:00'],
		['2026-11-23T03:14:07', '2026-11-23T03:14:07'],
		['2026-11-23T03:14:07.5', '2026-11-23T03:14:07.500'],
		['2026-11-23T03:14:07Z', '2026-11-23T03:14:07.000Z'],
		['2026-11-23 03:14:07 +01:00', '2026-11-23T02:14:07.000Z'],
		['2026-11-23T03:14:07.123456-0530', '2026-11-23T08:44:07.123Z'],
		['2028-02-29', '2028-02-29'],
		['Mon, 23 Nov 2026 03:14:07 +0100', '2026-11-23T02:14:07.000Z'],
		['23 Nov 2026 03:14:07 GMT', '2026-11-23T03:14:07.000Z'],
		['Mon, 3 Nov 2026 03:14:07 -0500 (EST)', '2026-11-03T08:14:07.000Z'],
	])('is read from "%s"', (text, value) => {
		expect(date(text)).toBe(value);
	});

	it.each([
		'',
		'today',
		'23.11.2026',
		'11/23/2026',
		'2026-13-01',
		'2026-00-10',
		'2026-02-29',
		'2026-11-31',
		'2026-11-23 24:00',
		'2026-11-23 03:60',
		'2026-11-23T03:14:07+19:00',
		'2026-11-23 x',
		'20261123',
	])('is not guessed from "%s"', (text) => {
		expect(date(text)).toBeUndefined();
	});

	it.each<[string, string, string | undefined]>([
		['dd.MM.yyyy', '23.11.2026', '2026-11-23'],
		['dd.MM.yyyy', '1.2.2026', undefined],
		['d.M.yyyy', '1.2.2026', '2026-02-01'],
		['d.M.yy HH:mm', '1.2.26 07:05', '2026-02-01T07:05:00'],
		['MM/dd/yyyy hh:mm a', '11/23/2026 12:05 AM', '2026-11-23T00:05:00'],
		['MM/dd/yyyy h:mm a', '11/23/2026 12:05 p.m.', '2026-11-23T12:05:00'],
		['MM/dd/yyyy h:mm a', '11/23/2026 13:05 PM', undefined],
		['MMM d yyyy HH:mm:ss', 'Nov  3 2026 03:14:07', '2026-11-03T03:14:07'],
		['EEEE, d MMMM yyyy', 'monday, 23 november 2026', '2026-11-23'],
		["yyyy-MM-dd'T'HH:mm:ss.SSSZZ", '2026-11-23T03:14:07.5+01:00', '2026-11-23T02:14:07.500Z'],
		["d MMM yyyy 'at' H'h'mm", '23 Nov 2026 at 3h05', '2026-11-23T03:05:00'],
		['yyyy(MM)dd', '2026(11)23', '2026-11-23'],
	])('written as %s is read from "%s" as %s', (format, text, value) => {
		expect(date(text, format)).toBe(value);
	});

	it.each<[string, RegExp]>([
		['dd.MM', /"dd\.MM" needs one year/],
		['yyyy-dd', /needs one month/],
		['yyyy-MM', /needs a day/],
		['yyyy-MM-dd yyyy', /"yyyy" or its like twice/],
		['yyyy-MM-dd MMM', /needs one month/],
		['yyyy-MM-dd qq', /token "qq", which is not known/],
		['yyyy-MM-ddTHH:mm', /token "T"/],
		['yyyy-MM-dd h:mm', /"h" and "a" together/],
		['yyyy-MM-dd HH', /hours and minutes together/],
		['yyyy-MM-dd mm', /hours and minutes together/],
		['yyyy-MM-dd ss', /seconds without minutes/],
		['yyyy-MM-dd HH:mm.SSS', /fraction without seconds/],
		['yyyy-MM-dd ZZ', /offset without a time/],
		['', /needs one year/],
	])('refuses the format "%s"', (format, message) => {
		expect(() => compileDateFormat(format)).toThrow(message);
	});
});
