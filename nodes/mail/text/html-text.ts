import { Tokenizer } from 'parse5';
import type { Token, TokenHandler } from 'parse5';
import { toWellFormed } from './charset';
import { BLOCKS, DROPPED, hasNoContent, isHidden, RAW_TEXT } from './html-elements';
import { TextLayout } from './text-layout';
import type { LaidOut } from './text-layout';

/** Text made of HTML. */
export interface HtmlText {
	readonly text: string;
	/** True when only the beginning was converted. */
	readonly truncated: boolean;
}

/** Characters of HTML that are converted: no more are read of a message. The time goes by their number alone. */
export const MAX_HTML_LENGTH = 262_144;

/**
 * Turns HTML into the text a reader sees: a row of a table, an item of a list and what ends in `<br>` are a line each, a
 * paragraph has an empty line around it; of links and pictures only the text is left. What is hidden (`hidden`,
 * `display:none`), comments, styles and scripts are left out.
 *
 * @param cut `html` is only the beginning of the whole; half a tag at its end is dropped
 */
export function toHtmlText(html: string, cut = false): HtmlText {
	const { text, truncated } = toHtmlBody(html, cut);
	return { text, truncated };
}

/** As toHtmlText, with the same text once more where there are tables: with a tab between the cells of a row. */
export function toHtmlBody(html: string, cut = false): HtmlText & LaidOut {
	const reader = new HtmlReader();
	reader.read(html.slice(0, MAX_HTML_LENGTH));
	const truncated = cut || html.length > MAX_HTML_LENGTH;
	const { text, cells } = reader.end();
	const tidy = tidyBlanks(text).trim();
	return {
		text: tidy,
		// The first cell of all may be empty.
		...(cells !== undefined && { cells: tidyBlanks(cells) }),
		truncated,
	};
}

/** Goes through the tokens of the HTML Standard's tokenizer (13.2.5), which knows what a comment and a tag are. */
class HtmlReader implements TokenHandler {
	private readonly layout = new TextLayout();
	private readonly tokenizer = new Tokenizer({}, this);
	/** The element whose content is left out, and how many of its name are open within it. */
	private dropped: { readonly name: string; depth: number } | undefined;

	read(html: string): void {
		this.tokenizer.write(html, true);
	}

	end(): LaidOut {
		return this.layout.end();
	}

	onStartTag(tag: Token.TagToken): void {
		const { tagName: name } = tag;
		const mode = RAW_TEXT.get(name);
		if (mode !== undefined) this.tokenizer.state = mode;
		if (this.dropped !== undefined && !this.endsDropped(name)) {
			if (name === this.dropped.name) this.dropped.depth += 1;
			return;
		}
		this.dropped = undefined;
		if (hasNoContent(name)) this.layOutVoid(name);
		else if ((DROPPED.has(name) && !isEmptyPicture(tag)) || isHidden(tag))
			this.dropped = { name, depth: 1 };
		else this.open(name);
	}

	onEndTag({ tagName: name }: Token.TagToken): void {
		if (this.dropped !== undefined) {
			if (name === this.dropped.name) this.dropped.depth -= 1;
			const isOver = this.dropped.depth === 0 || isRowEnd(this.dropped.name, name);
			if (isOver) this.dropped = undefined;
			if (!isOver || name === 'p') return;
		}
		this.close(name);
	}

	onCharacter({ chars }: Token.CharacterToken): void {
		if (this.dropped === undefined) this.layout.add(chars);
	}

	onWhitespaceCharacter(token: Token.CharacterToken): void {
		this.onCharacter(token);
	}

	onNullCharacter(): void {
		// Mail may not hold them (RFC 5322, 4.1).
	}

	onComment(): void {
		// Not shown, nor is what Outlook alone would show.
	}

	onDoctype(): void {
		// Says nothing of the text.
	}

	onEof(): void {
		// What is open is closed by end().
	}

	private layOutVoid(name: string): void {
		if (name === 'br') this.layout.breakLine();
		else if (name === 'hr') this.layout.breakBlock(1);
	}

	/** True for a tag that closes the hidden element before it, whose own end tag may be left out. */
	private endsDropped(name: string): boolean {
		if (this.dropped === undefined) return false;
		if (this.dropped.name === 'p') return BLOCKS.has(name);
		return this.dropped.depth === 1 && SIBLINGS[this.dropped.name]?.includes(name) === true;
	}

	private open(name: string): void {
		if (name === 'table') this.layout.startTable();
		else if (name === 'tr') this.layout.startRow();
		else if (name === 'td' || name === 'th') this.layout.startCell();
		else this.breakAround(name);
		if (name === 'pre' || name === 'listing') this.layout.startVerbatim();
	}

	private close(name: string): void {
		if (name === 'table') this.layout.endTable();
		else if (name === 'tr') this.layout.endRow();
		else if (name === 'td' || name === 'th') this.layout.endCell();
		// The standard makes an element of its own of it (13.2.6.4.7).
		else if (name === 'br') this.layout.breakLine();
		else this.breakAround(name);
		if (name === 'pre' || name === 'listing') this.layout.endVerbatim();
	}

	private breakAround(name: string): void {
		const lines = BLOCKS.get(name);
		if (lines !== undefined) this.layout.breakBlock(lines);
	}
}

/** Start tags that end an element without an end tag (HTML Standard, 13.1.2.4). */
const SIBLINGS: Readonly<Partial<Record<string, readonly string[]>>> = {
	li: ['li'],
	dt: ['dt', 'dd'],
	dd: ['dt', 'dd'],
	option: ['option'],
	td: ['td', 'th', 'tr'],
	th: ['td', 'th', 'tr'],
	tr: ['tr'],
};

/** `<svg/>`: of what is dropped only foreign elements may end at once (HTML Standard, 13.2.6.5). */
function isEmptyPicture({ tagName, selfClosing }: Token.TagToken): boolean {
	return tagName === 'svg' && selfClosing;
}

/** The end of a row or table is that of a hidden cell or row within it, too. */
function isRowEnd(dropped: string, name: string): boolean {
	if (dropped === 'td' || dropped === 'th') return name === 'tr' || name === 'table';
	return dropped === 'tr' && name === 'table';
}

/** Blanks that only hold the layout together: at the end of a row, or written as no-break spaces. */
function tidyBlanks(text: string): string {
	const tidy = text
		.replaceAll('\u00a0', ' ')
		.split('\n')
		.map((line) => line.trimEnd())
		.join('\n');
	return toWellFormed(tidy);
}
