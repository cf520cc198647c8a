import { rangesOfCategory } from '../sets/categories';
import { alphabetOf, complementIn, type Domain } from '../sets/character-sets';
import { printUnits } from '../engines/print-set';
import { includes } from '../sets/ranges';

const LINE_FEED = '\n';
const SURROGATE = /[\ud800-\udfff]/;
const OTHER_LINE_ENDS = ['\r', '\u2028', '\u2029'];
const LAST_UNIT = 0xffff;
const UNCOMMON = new RegExp(printUnits(complementIn('unicode', alphabetOf('common'))));
/** Runs of white space that are shorter than this are not looked for. */
const SHORT_BLANK = 32;

/** How far repeats can reach in a text, in UTF-16 units. */
export interface TextShape {
	readonly length: number;
	readonly longestLine: number;
	/** The longest run of `\s`, or what is surely not exceeded. */
	readonly longestBlank: number;
	readonly lines: number;
}

/** What any text of a length may be like. */
export function anyShapeOf(length: number): TextShape {
	return { length, longestLine: length, longestBlank: length, lines: length };
}

/** What decides which program of a pattern fits a text; each is looked for once, when it is first asked for. */
export class TextTraits {
	private knownDomain: Domain | undefined;
	private knownSurrogates: boolean | undefined;
	private knownLineFeedsOnly: boolean | undefined;
	private knownShape: TextShape | undefined;

	constructor(private readonly text: string) {}

	/** The smallest one that has all units of the text. */
	get domain(): Domain {
		return (this.knownDomain ??= domainOf(this.text));
	}

	/** Has UTF-16 surrogates: .NET and V8 count two units where RE2 counts one character. */
	get surrogates(): boolean {
		return (this.knownSurrogates ??= SURROGATE.test(this.text));
	}

	/** Has no other line ends than `\n` in the sense of V8. */
	get lineFeedsOnly(): boolean {
		return (this.knownLineFeedsOnly ??= !OTHER_LINE_ENDS.some((end) => this.text.includes(end)));
	}

	get shape(): TextShape {
		return (this.knownShape ??= shapeOf(this.text));
	}
}

function domainOf(text: string): Domain {
	// Measuring a text is some fifty times faster than searching it for characters.
	if (Buffer.byteLength(text) === text.length) return 'ascii';
	return UNCOMMON.test(text) ? 'unicode' : 'common';
}

function shapeOf(text: string): TextShape {
	let [longestLine, lines, start] = [0, 1, 0];
	for (let end = text.indexOf(LINE_FEED); end !== -1; end = text.indexOf(LINE_FEED, start)) {
		longestLine = Math.max(longestLine, end - start);
		lines += 1;
		start = end + 1;
	}
	longestLine = Math.max(longestLine, text.length - start);
	return { length: text.length, longestLine, longestBlank: longestBlankOf(text), lines };
}

/** Looks at every 32nd unit only: no run that is longer lies between two of those. */
function longestBlankOf(text: string): number {
	const spaces = rangesOfCategory('space', LAST_UNIT);
	const isBlank = (position: number) => includes(spaces, text.charCodeAt(position));
	let longest = SHORT_BLANK;
	for (let position = SHORT_BLANK - 1; position < text.length; position += SHORT_BLANK) {
		if (!isBlank(position)) continue;
		let start = position;
		while (start > 0 && isBlank(start - 1)) start -= 1;
		while (isBlank(position)) position += 1;
		longest = Math.max(longest, position - start);
	}
	return longest;
}
