import { parseDate } from './date-format';
import type { DateFormat } from './date-format';
import { parseNumber } from './number-format';
import type { NumberFormat } from './number-format';

export type PayloadValue = string | number | boolean;

/** What a captured text is turned into. */
export type ValueType =
	| { readonly kind: 'text' | 'boolean' }
	| { readonly kind: 'number'; readonly format?: NumberFormat }
	| { readonly kind: 'date'; readonly format?: DateFormat };

const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0']);

/** No number, date or yes is longer, without the blanks around it. */
const MAX_TYPED_LENGTH = 100;
/** Blanks around it that are taken off; beyond that, a text is not looked at. */
const MAX_BLANKS = 1000;

/**
 * Text -> value of the type, or undefined when it is not certain to be one, as is every text of more than 100
 * characters.
 */
export function convertText(text: string, type: ValueType): PayloadValue | undefined {
	if (type.kind === 'text') return text;
	if (text.length > MAX_TYPED_LENGTH + MAX_BLANKS) return undefined;
	const trimmed = text.trim();
	if (trimmed.length > MAX_TYPED_LENGTH) return undefined;
	switch (type.kind) {
		case 'number':
			return parseNumber(trimmed, type.format);
		case 'boolean':
			return toBoolean(trimmed);
		case 'date':
			return parseDate(trimmed, type.format);
	}
}

function toBoolean(text: string): boolean | undefined {
	const word = text.toLowerCase();
	if (TRUE.has(word)) return true;
	return FALSE.has(word) ? false : undefined;
}
