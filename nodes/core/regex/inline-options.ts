import type { PatternReader } from './reader';

/** The options of .NET that may stand in a pattern: `(?imnsx-imnsx)`. */
export interface InlineOptions {
	readonly ignoreCase: boolean;
	readonly multiline: boolean;
	readonly explicitCapture: boolean;
	readonly singleline: boolean;
	readonly ignoreWhitespace: boolean;
}

const LETTERS: Readonly<Record<string, keyof InlineOptions>> = {
	i: 'ignoreCase',
	m: 'multiline',
	n: 'explicitCapture',
	s: 'singleline',
	x: 'ignoreWhitespace',
};

const OPTION_LETTERS = /[-+imnsx]*/iy;

/** Reads option letters and applies them from here on; reads nothing when there are none. */
export function parseInlineOptions(reader: PatternReader): void {
	let on = true;
	for (const letter of reader.takeMatch(OPTION_LETTERS)) {
		const option = LETTERS[letter.toLowerCase()];
		if (option === undefined) on = letter === '+';
		else reader.options = { ...reader.options, [option]: on };
	}
}
