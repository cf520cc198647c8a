import { expect, it } from 'vitest';
import { readWholeNumber } from '../../nodes/core/whole-number';

const RANGE = { min: 1, max: 10 };

it.each([1, 10])('takes %i', (value) => {
	expect(readWholeNumber(value, 'Attempts', RANGE)).toBe(value);
});

it.each([
	[0, '0'],
	[11, '11'],
	[1.5, '1.5'],
	[Number.NaN, 'NaN'],
	['3', '"3"'],
	['', 'empty'],
	[undefined, 'empty'],
	[null, 'null'],
])('refuses %s with field, value and remedy', (value, shown) => {
	expect(() => readWholeNumber(value, 'Attempts', RANGE)).toThrow(
		expect.objectContaining({
			code: 'configuration',
			field: 'Attempts',
			message: `Attempts is ${shown}.`,
			remedy: 'Write a whole number from 1 to 10.',
		}),
	);
});

it('says what is counted', () => {
	expect(() => readWholeNumber(0, 'Safety Scan', { ...RANGE, unit: 'minutes' })).toThrow(
		expect.objectContaining({ remedy: 'Write a whole number of minutes from 1 to 10.' }),
	);
});
