/** Formats of a number, each written as the number 1234.5 in it. */
export const NUMBER_FORMATS = [
	'1234.5',
	'1234,5',
	'1,234.5',
	'1.234,5',
	'1 234.5',
	'1 234,5',
	"1'234.5",
] as const;
export type NumberFormat = (typeof NUMBER_FORMATS)[number];

/** What may stand between groups of three digits; a blank may be one that does not break. */
const SEPARATORS: Readonly<Record<string, string>> = {
	',': ',',
	'.': '\\.',
	' ': '[ \\u00A0\\u202F]',
	"'": "['\\u2019]",
};

/** True for one of NUMBER_FORMATS. */
export function isNumberFormat(text: string): text is NumberFormat {
	return NUMBER_FORMATS.some((format) => format === text);
}

/**
 * Reads a number. Separators are optional, but have to be right where they are: nothing is guessed, since `1,234` is two
 * different numbers. Whole numbers beyond 2^53 are refused, because they would lose digits.
 *
 * @returns undefined when the text is no number of this format
 */
export function parseNumber(text: string, format: NumberFormat = '1234.5'): number | undefined {
	const match = toPattern(format).exec(text.trim());
	if (match === null) return undefined;
	const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
	const digits = whole.replace(/\D/g, '');
	if (digits === '' && fraction === '') return undefined;
	const value = Number(`${MINUS.test(sign) ? '-' : ''}${digits}.${fraction}e${exponent}`);
	return isExact(value) ? value : undefined;
}

const MINUS = /[-\u2212]/;

function isExact(value: number): boolean {
	return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function toPattern(format: NumberFormat): RegExp {
	const decimal = format.at(-2) === ',' ? ',' : '\\.';
	const separator = SEPARATORS[format.length === '1,234.5'.length ? (format[1] ?? '') : ''];
	const grouped = separator === undefined ? '' : `|\\d{1,3}(?:${separator}\\d{3})+`;
	return new RegExp(
		`^([+\\-\\u2212]?)(\\d*${grouped})(?:${decimal}(\\d+))?(?:[eE]([+-]?\\d{1,3}))?$`,
	);
}
