/** Longer lines are not quoted: line and column have to do. */
const MAX_LENGTH = 120;

/** What may hold a secret, also misspelled or without its quotes. */
const MAY_BE_SECRET = /pas|pwd|secret|token|key|user|uri|cert/i;

/** A pattern in a list, which has no key. */
const ENTRY = /^"(?:\\.|[^"\\])*"?,?$/;
/** What follows a key, with or without quotes of either kind. */
const VALUE = /:\s*(?:"(?:\\.|[^"\\])*"?|[^\s"{}[\],][^{}[\],]*)/g;

/**
 * The line of a text around `offset` for an error, since a Configuration cannot be seen once it was pasted: `"Subjekt": "…"`.
 * Values are blanked, since the key may be a misspelled one of a secret; undefined for a line that might hold a secret, or that is too long to quote.
 */
export function quoteLine(text: string, offset: number): string | undefined {
	const start = text.lastIndexOf('\n', offset - 1) + 1;
	const end = text.indexOf('\n', offset);
	const line = text.slice(start, end === -1 ? undefined : end).trim();
	const isWhole = start === 0 && end === -1;
	if (isWhole || line === '' || line.length > MAX_LENGTH || MAY_BE_SECRET.test(line))
		return undefined;
	return ENTRY.test(line) ? line : line.replace(VALUE, ': …');
}
