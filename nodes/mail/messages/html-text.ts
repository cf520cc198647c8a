import { compile } from 'html-to-text';
import type { FormatCallback } from 'html-to-text';

/** Text made of HTML. */
export interface HtmlText {
	readonly text: string;
	/** True when only the beginning was converted. */
	readonly truncated: boolean;
}

/**
 * Characters of HTML, without styles, scripts and comments, that are converted, and tags among them, closing ones
 * included. Conversion is synchronous, its cost goes by the tags, and for hostile nesting it grows with their number
 * times the depth. Newsletters have a tag for every 25 characters or more.
 */
export const MAX_HTML_LENGTH = 100_000;
export const MAX_TAGS = 10_000;
const MAX_DEPTH = 100;

/** On a line of its own, without the bullets, marks and indentation that a pattern would have to know of. */
const formatLine: FormatCallback = (element, walk, builder) => {
	builder.openBlock({ leadingLineBreaks: 1 });
	walk(element.children, builder);
	builder.closeBlock({ trailingLineBreaks: 1 });
};

/** Beside its neighbours, so that `Spoon:` and `false` in two cells of a row read `Spoon: false`. */
const formatCell: FormatCallback = (cell, walk, builder) => {
	walk(cell.children, builder);
	builder.addInline(' ');
};

const LINES = ['table', 'tr', 'ul', 'ol', 'li', 'blockquote', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

const convert = compile({
	wordwrap: false,
	limits: { maxDepth: MAX_DEPTH, ellipsis: '' },
	formatters: { line: formatLine, cell: formatCell },
	selectors: [
		{ selector: 'a', options: { ignoreHref: true } },
		{ selector: 'img', format: 'skip' },
		{ selector: 'title', format: 'skip' },
		...LINES.map((selector) => ({ selector, format: 'line' })),
		{ selector: 'td', format: 'cell' },
		{ selector: 'th', format: 'cell' },
	],
});

/**
 * Turns HTML into the text a reader sees: a row of a table, an item of a list and what ends in `<br>` are a line each, a
 * paragraph has an empty line around it; of links and pictures only the text is left.
 *
 * @param cut `html` is only the beginning of the whole; half a tag at its end is dropped
 */
export function toHtmlText(html: string, cut = false): HtmlText {
	const visible = dropInvisible(html);
	const end = findEnd(visible);
	const truncated = cut || end < visible.length;
	const input = truncated ? dropCutTag(visible.slice(0, end)) : visible;
	return { text: tidyBlanks(convert(input)), truncated };
}

/** How much of the HTML is converted. */
function findEnd(html: string): number {
	let tags = 0;
	for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
		if (at >= MAX_HTML_LENGTH) break;
		tags += 1;
		if (tags > MAX_TAGS) return at;
	}
	return Math.min(html.length, MAX_HTML_LENGTH);
}

const INVISIBLE = /<!--|-->|<(?:style|script)(?=[\s/>])|<\/(?:style|script)\s*>/gi;

/** Removes styles, scripts and comments in one pass: mail programs write more of these than of text. */
function dropInvisible(html: string): string {
	const kept: string[] = [];
	let from = 0;
	let closer: string | undefined;
	for (const { 0: found, index } of html.matchAll(INVISIBLE)) {
		const mark = found.toLowerCase().replace(/\s+/g, '');
		if (closer === undefined) {
			closer = closerOf(mark);
			if (closer !== undefined) kept.push(html.slice(from, index));
		} else if (mark === closer) {
			closer = undefined;
			from = index + found.length;
		}
	}
	if (closer === undefined) kept.push(html.slice(from));
	return kept.join('');
}

function closerOf(mark: string): string | undefined {
	if (mark === '<!--') return '-->';
	return mark.startsWith('</') || !mark.startsWith('<') ? undefined : `</${mark.slice(1)}>`;
}

function dropCutTag(html: string): string {
	const open = html.lastIndexOf('<');
	return open > html.lastIndexOf('>') ? html.slice(0, open) : html;
}

/** Blanks that only hold the layout together: at the end of a row, or written as no-break spaces. */
function tidyBlanks(text: string): string {
	return text
		.replaceAll('\u00a0', ' ')
		.split('\n')
		.map((line) => line.trimEnd())
		.join('\n')
		.trim();
}
