import { wrongSetting } from './errors';

/** The values a field takes; its form shows the same. */
export interface WholeNumberRange {
	readonly min: number;
	readonly max: number;
	/** What is counted, for the remedy; nothing unless given. */
	readonly unit?: string;
}

/**
 * A whole number from `min` to `max`.
 *
 * @throws IngestError `configuration` with field, value and remedy
 */
export function readWholeNumber(
	value: unknown,
	field: string,
	{ min, max, unit }: WholeNumberRange,
): number {
	if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
		return value;
	}
	const number = unit === undefined ? 'whole number' : `whole number of ${unit}`;
	throw wrongSetting(
		field,
		`is ${showValue(value)}`,
		`Write a ${number} from ${String(min)} to ${String(max)}.`,
	);
}

/** A value as an error names it. */
export function showValue(value: unknown): string {
	if (value === undefined || value === '') return 'empty';
	return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
