import { parseDate } from './date-format';
import type { DateFormat } from './date-format';
import { parseNumber } from './number-format';
import type { NumberFormat } from './number-format';

/** A value of a payload. */
export type PayloadValue = string | number | boolean;

/** What a captured text is turned into. */
export type ValueType =
	| { readonly kind: 'text' | 'boolean' }
	| { readonly kind: 'number'; readonly format?: NumberFormat }
	| { readonly kind: 'date'; readonly format?: DateFormat };

const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0']);

/** Text -> value of the type, or undefined when it is not certain to be one. */
export function convertText(text: string, type: ValueType): PayloadValue | undefined {
	switch (type.kind) {
		case 'text':
			return text;
		case 'number':
			return parseNumber(text, type.format);
		case 'boolean':
			return toBoolean(text);
		case 'date':
			return parseDate(text, type.format);
	}
}

function toBoolean(text: string): boolean | undefined {
	const word = text.trim().toLowerCase();
	if (TRUE.has(word)) return true;
	return FALSE.has(word) ? false : undefined;
}
