/** What decides which program of a pattern fits a text. */
export interface TextTraits {
	/** Only U+0000-U+007F: `\b`, `\w` and their like have their small meaning. */
	readonly ascii: boolean;
	/** Has UTF-16 surrogates: .NET and V8 count two units where RE2 counts one character. */
	readonly surrogates: boolean;
}

const NOT_ASCII = /[^\0-\x7f]/;
const SURROGATE = /[\ud800-\udfff]/;

/** Looks at a text once for the properties that decide between programs. */
export function traitsOf(text: string): TextTraits {
	const ascii = !NOT_ASCII.test(text);
	return { ascii, surrogates: !ascii && SURROGATE.test(text) };
}
