import { unitsOfCategory } from '../sets/categories';
import type { PatternReader } from './reader';

const OCTAL = /[0-7]{1,3}/y;
const CONTROL_LETTER = /[@-_a-z]/y;
/** The letters for U+0007 to U+000D. */
const CONTROLS = 'abtnvfr';
const ESCAPE_HINTS: Readonly<Record<string, string>> = {
	Q: '.NET has no \\Q...\\E; escape the characters one by one.',
	R: '.NET has no \\R; write \\r?\\n.',
	K: '.NET has no \\K; use a named group for what is wanted.',
	h: '.NET has no \\h; write [ \\t].',
};

/** Whether a character may stand in a group name or beside `\b`: `\w`, U+200C and U+200D. */
export function isBoundaryWordCharacter(character: string): boolean {
	return character !== '' && unitsOfCategory('b').has(character.charCodeAt(0));
}

/** Reads the rest of an escape, behind the backslash, that stands for one UTF-16 unit. */
export function parseUnitEscape(reader: PatternReader): number {
	const start = reader.position - 1;
	const octal = reader.takeMatch(OCTAL);
	if (octal !== '') return Number.parseInt(octal, 8) & 0xff;
	const character = reader.next();
	if (character === '') {
		throw reader.error('a backslash ends the pattern', start, 'Write \\\\ for a backslash.');
	}
	if (character === 'x') return parseHex(reader, /[\da-f]{2}/iy, 'x', 'x0A');
	if (character === 'u') return parseHex(reader, /[\da-f]{4}/iy, 'u', 'u000A');
	if (character === 'c') return parseControl(reader, start);
	if (character === 'e') return 0x1b;
	if (CONTROLS.includes(character)) return 0x07 + CONTROLS.indexOf(character);
	if (isBoundaryWordCharacter(character)) {
		throw reader.error(`"\\${character}" is not an escape`, start, ESCAPE_HINTS[character]);
	}
	return character.charCodeAt(0);
}

function parseHex(reader: PatternReader, form: RegExp, letter: string, example: string): number {
	const start = reader.position - 2;
	const digits = reader.takeMatch(form);
	if (digits !== '') return Number.parseInt(digits, 16);
	throw reader.error(
		`"\\${letter}" needs ${String(example.length - 1)} hexadecimal digits`,
		start,
		`Write \\${example}; .NET has no \\${letter}{...}.`,
	);
}

function parseControl(reader: PatternReader, start: number): number {
	const letter = reader.takeMatch(CONTROL_LETTER);
	if (letter !== '') return letter.charCodeAt(0) & 0x1f;
	throw reader.error('"\\c" needs a letter for the control character', start);
}
