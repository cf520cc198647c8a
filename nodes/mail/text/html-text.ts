import { Tokenizer } from 'parse5';
import type { Token, TokenHandler } from 'parse5';
import { toWellFormed } from './charset';
import { BLOCKS, DROPPED, endsBefore, hasNoContent, PREFORMATTED, RAW_TEXT } from './html-elements';
import type { Display } from './html-style';
import { OpenElements } from './open-elements';
import { StyleSheet } from './style-sheet';
import { TextLayout } from './text-layout';
import type { LaidOut } from './text-layout';
import { isVisible } from './visible';

/** Text made of HTML. */
export interface HtmlText extends LaidOut {
	/** True when only the beginning was converted. */
	readonly truncated: boolean;
}

/** Characters of HTML that are converted: no more are read of a message. The time goes by their number alone. */
export const MAX_HTML_LENGTH = 262_144;

/**
 * Turns HTML into the text a reader sees: a row of a table, an item of a list and what ends in `<br>` are a line each, a
 * paragraph has an empty line around it; of links and pictures only the text is left. What a style hides, comments and
 * scripts are left out. The same text comes once more where there are tables: with a tab between the cells of a row.
 *
 * @param cut `html` is only the beginning of the whole; half a tag at its end is dropped
 */
export function toHtmlBody(html: string, cut = false): HtmlText {
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
	private readonly elements = new OpenElements();
	private readonly styles = new StyleSheet();
	/** The element whose content is left out, and how many of its name are open within it. */
	private dropped: { readonly name: string; depth: number } | undefined;
	/** The `<style>` that is being read. */
	private sheet: { readonly media: string; css: string } | undefined;
	/** A line end right behind `<pre>` is no text (HTML Standard, 13.2.6.4.7). */
	private isStartOfPre = false;

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
		else this.startElement(tag);
	}

	onEndTag({ tagName: name }: Token.TagToken): void {
		if (this.dropped !== undefined) {
			if (name === this.dropped.name) this.dropped.depth -= 1;
			const isOver = this.dropped.depth === 0 || isRowEnd(this.dropped.name, name);
			if (isOver) this.endDropped();
			if (!isOver || name === 'p') return;
		}
		this.isStartOfPre = false;
		this.close(name, this.elements.end(name));
	}

	onCharacter({ chars }: Token.CharacterToken): void {
		if (this.sheet !== undefined) this.sheet.css += chars;
		if (this.dropped !== undefined) return;
		const text = this.isStartOfPre ? chars.replace(/^\r?\n/, '') : chars;
		this.isStartOfPre = false;
		this.layout.add(text, this.elements.whiteSpace);
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

	private startElement(tag: Token.TagToken): void {
		const { tagName: name } = tag;
		const { isHidden = false, display, whiteSpace } = this.styles.styleOf(tag);
		if (isHidden || (DROPPED.has(name) && !isEmptyPicture(tag))) {
			this.dropped = { name, depth: 1 };
			if (name === 'style') this.sheet = { media: mediaOf(tag), css: '' };
			return;
		}
		const isPreformatted = PREFORMATTED.has(name);
		this.elements.start(name, display, whiteSpace ?? (isPreformatted ? 'pre' : undefined));
		this.open(name, display);
		this.isStartOfPre = isPreformatted;
	}

	private layOutVoid(name: string): void {
		if (name === 'br') this.layout.breakLine();
		else if (name === 'hr') this.layout.breakBlock(1);
	}

	private endDropped(): void {
		if (this.sheet !== undefined) this.styles.add(this.sheet.css, this.sheet.media);
		this.sheet = undefined;
		this.dropped = undefined;
	}

	/** True for a tag that closes the hidden element before it. */
	private endsDropped(name: string): boolean {
		if (this.dropped === undefined) return false;
		const isInnermost = this.dropped.name === 'p' || this.dropped.depth === 1;
		return isInnermost && endsBefore(this.dropped.name, name);
	}

	private open(name: string, display: Display | undefined): void {
		const role = roleOf(name, display);
		if (role === 'table') this.layout.startTable();
		else if (role === 'row') this.layout.startRow();
		else if (role === 'cell') this.layout.startCell();
		else if (role === 'block') this.breakAround(name);
	}

	private close(name: string, display: Display | undefined): void {
		const role = roleOf(name, display);
		if (role === 'table') this.layout.endTable();
		else if (role === 'row') this.layout.endRow();
		else if (role === 'cell') this.layout.endCell();
		// The standard makes an element of its own of it (13.2.6.4.7).
		else if (name === 'br') this.layout.breakLine();
		else if (role === 'block') this.breakAround(name);
	}

	private breakAround(name: string): void {
		this.layout.breakBlock(BLOCKS.get(name) ?? 1);
	}
}

const TABLE_ROLES: Readonly<Partial<Record<string, Display>>> = {
	table: 'table',
	tr: 'row',
	td: 'cell',
	th: 'cell',
};

/** Tables stay tables: mail programs for Windows show them so, whatever a style says. */
function roleOf(name: string, display: Display | undefined): Display {
	return TABLE_ROLES[name] ?? display ?? (BLOCKS.has(name) ? 'block' : 'inline');
}

function mediaOf({ attrs }: Token.TagToken): string {
	return attrs.find(({ name }) => name === 'media')?.value ?? '';
}

/** `<svg/>`: of what is dropped only foreign elements may end at once (HTML Standard, 13.2.6.5). */
function isEmptyPicture({ tagName, selfClosing }: Token.TagToken): boolean {
	return tagName === 'svg' && selfClosing;
}

/** The end of a row or table is that of a hidden cell or row within it, too. */
function isRowEnd(dropped: string, name: string): boolean {
	if (dropped === 'td' || dropped === 'th') return name === 'tr' || name === 'table';
	return dropped === 'tr' && name === 'table';
}

/** Marks of where a word may be broken, which nobody sees. */
const BREAK_MARKS = /[\u00AD\u200B\u2060\uFEFF]/g;

/** Blanks that only hold the layout together: at the end of a row, written as no-break spaces, or in an empty line. */
function tidyBlanks(text: string): string {
	const tidy = text
		.replaceAll('\u00a0', ' ')
		.replace(BREAK_MARKS, '')
		.split('\n')
		.map((line) => (isVisible(line) ? line.trimEnd() : ''))
		.join('\n');
	return toWellFormed(tidy);
}
