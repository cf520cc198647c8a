import type { PatternReader } from './reader';

/** How often something is repeated; `max` may be Infinity. */
export interface Quantifier {
	readonly min: number;
	readonly max: number;
	readonly lazy: boolean;
}

/** The largest number .NET reads in a pattern. */
const MAX_NUMBER = 2_147_483_647;
const COUNTED = /\{(\d+)(,(\d*))?\}/y;
const DIGITS = /\d*/y;

/** Reads decimal digits. */
export function parseDecimal(reader: PatternReader): number {
	return toNumber(reader, reader.takeMatch(DIGITS));
}

/** Whether a quantifier stands here; `{` counts only when it is one, as in `{2}`, `{2,}` or `{2,3}`. */
export function isAtQuantifier(reader: PatternReader): boolean {
	const character = reader.peek();
	if (character === '{') {
		COUNTED.lastIndex = reader.position;
		return COUNTED.test(reader.source);
	}
	return character === '*' || character === '+' || character === '?';
}

/** Reads a quantifier, or nothing when none stands here. */
export function parseQuantifier(reader: PatternReader): Quantifier | undefined {
	if (!isAtQuantifier(reader)) return undefined;
	const start = reader.position;
	const { min, max } = parseCounts(reader);
	reader.skipBlank();
	const lazy = reader.take('?');
	if (min > max) throw reader.error('a quantifier has its numbers in reverse order', start);
	return { min, max, lazy };
}

function parseCounts(reader: PatternReader): { min: number; max: number } {
	const simple = reader.peek();
	if (simple !== '{') {
		reader.position += 1;
		return { min: simple === '+' ? 1 : 0, max: simple === '?' ? 1 : Infinity };
	}
	COUNTED.lastIndex = reader.position;
	const [text = '', from = '', comma, to = ''] = COUNTED.exec(reader.source) ?? [];
	const min = toNumber(reader, from);
	const max = comma === undefined ? min : to === '' ? Infinity : toNumber(reader, to);
	reader.position += text.length;
	return { min, max };
}

function toNumber(reader: PatternReader, digits: string): number {
	const value = Number(digits);
	if (value > MAX_NUMBER) throw reader.error(`the number ${digits} is too large`);
	return value;
}
