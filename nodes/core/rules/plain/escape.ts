/** A text as a pattern that matches it; each run of blanks matches any other. */
export function escapeText(text: string): string {
	return text
		.replace(/\r\n?/g, '\n')
		.replace(/[\\^$.*+?()[\]{}|#]/g, '\\$&')
		.replace(/\n/g, '\\n')
		.replace(/ +/g, ' +')
		.replace(/\t/g, '\\t');
}

/** A text as a pattern for whole words: `Host` is not found in `Ghost` or `Hostname`. */
export function wholeWords(text: string): string {
	const start = /^\w/u.test(text) ? '\\b' : '';
	const end = /\w$/u.test(text) ? '\\b' : '';
	return `${start}${escapeText(text)}${end}`;
}
