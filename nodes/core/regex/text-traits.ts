const LINE_FEED = '\n';
const SURROGATE = /[\ud800-\udfff]/;
const OTHER_LINE_ENDS = ['\r', '\u2028', '\u2029'];

/** How far repeats can reach in a text, in UTF-16 units. */
export interface TextShape {
	readonly length: number;
	readonly longestLine: number;
	readonly lines: number;
}

/** What decides which program of a pattern fits a text; each is looked for once, when it is first asked for. */
export class TextTraits {
	/** Only U+0000-U+007F: `\b`, `\w` and their like have their small meaning. */
	readonly ascii: boolean;
	private knownSurrogates: boolean | undefined;
	private knownLineFeedsOnly: boolean | undefined;
	private knownShape: TextShape | undefined;

	constructor(private readonly text: string) {
		// Measuring a text is some fifty times faster than searching it for characters.
		this.ascii = Buffer.byteLength(text) === text.length;
	}

	/** Has UTF-16 surrogates: .NET and V8 count two units where RE2 counts one character. */
	get surrogates(): boolean {
		return (this.knownSurrogates ??= !this.ascii && SURROGATE.test(this.text));
	}

	/** Has no other line ends than `\n` in the sense of V8. */
	get lineFeedsOnly(): boolean {
		return (this.knownLineFeedsOnly ??= !OTHER_LINE_ENDS.some((end) => this.text.includes(end)));
	}

	get shape(): TextShape {
		return (this.knownShape ??= shapeOf(this.text));
	}
}

function shapeOf(text: string): TextShape {
	let [longestLine, lines, start] = [0, 1, 0];
	for (let end = text.indexOf(LINE_FEED); end !== -1; end = text.indexOf(LINE_FEED, start)) {
		longestLine = Math.max(longestLine, end - start);
		lines += 1;
		start = end + 1;
	}
	return { length: text.length, longestLine: Math.max(longestLine, text.length - start), lines };
}
