import type { PatternReader } from './reader';

const OCTAL = /[0-7]{1,3}/y;
const WORD_CHARACTER = /[\p{L}\p{Mn}\p{Nd}\p{Pc}\u200c\u200d]/u;
const LETTER_ESCAPES: Readonly<Record<string, number>> = {
	a: 0x07,
	b: 0x08,
	e: 0x1b,
	f: 0x0c,
	n: 0x0a,
	r: 0x0d,
	t: 0x09,
	v: 0x0b,
};
const ESCAPE_HINTS: Readonly<Record<string, string>> = {
	Q: '.NET has no \\Q...\\E; escape the characters one by one.',
	R: '.NET has no \\R; write \\r?\\n.',
	K: '.NET has no \\K; use a named group for what is wanted.',
	h: '.NET has no \\h; write [ \\t].',
	X: '.NET has no \\X.',
};

/** Whether a character may stand in a group name or beside `\b`: `\w`, U+200C and U+200D. */
export function isBoundaryWordCharacter(character: string): boolean {
	return WORD_CHARACTER.test(character);
}

/** Reads the rest of an escape, behind the backslash, that stands for one UTF-16 unit. */
export function parseUnitEscape(reader: PatternReader): number {
	const start = reader.position - 1;
	if (reader.atEnd) {
		throw reader.error('a backslash ends the pattern', start, 'Write \\\\ for a backslash.');
	}
	const octal = reader.takeMatch(OCTAL);
	if (octal !== '') return reader.explicit(Number.parseInt(octal, 8) & 0xff);
	const character = reader.next();
	if (character === 'x') return parseHex(reader, start, 2);
	if (character === 'u') return parseHex(reader, start, 4);
	if (character === 'c') return parseControl(reader, start);
	const unit = LETTER_ESCAPES[character];
	if (unit !== undefined) return reader.explicit(unit);
	if (isBoundaryWordCharacter(character)) {
		throw reader.error(`"\\${character}" is not an escape`, start, ESCAPE_HINTS[character]);
	}
	return reader.explicit(character.charCodeAt(0));
}

function parseHex(reader: PatternReader, start: number, digits: 2 | 4): number {
	const text = reader.source.slice(reader.position, reader.position + digits);
	if (text.length < digits || !/^[0-9a-f]+$/i.test(text)) {
		const letter = digits === 2 ? 'x' : 'u';
		throw reader.error(
			`"\\${letter}" needs ${String(digits)} hexadecimal digits`,
			start,
			`Write \\${letter}${'0'.repeat(digits - 1)}A; .NET has no \\${letter}{...}.`,
		);
	}
	reader.position += digits;
	return reader.explicit(Number.parseInt(text, 16));
}

function parseControl(reader: PatternReader, start: number): number {
	const character = reader.next();
	const unit = /^[a-z]$/.test(character) ? character.toUpperCase() : character;
	const control = unit === '' ? -1 : unit.charCodeAt(0) - 0x40;
	if (control < 0 || control >= 0x20) {
		throw reader.error('"\\c" needs a letter for the control character', start);
	}
	return reader.explicit(control);
}
