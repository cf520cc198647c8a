import type { WhiteSpace } from './html-style';
import { isVisible } from './visible';

/** Text that is being laid out: that of the document, or that of a cell, which is put into its row as a whole. */
interface Frame {
	text: string;
	/** Line ends before the next text; none of them are written at the end. */
	breaks: number;
	/** Whether a blank stands before the next text of the line. */
	isSpaced: boolean;
	/** Cells of the row that ended before the next text. */
	cells: number;
	/** How many tables this cell lies in. */
	readonly tables: number;
	/** Rows of tables within the cell that have text. */
	rows: number;
	/** Length of the text when the last row began. */
	rowStart: number;
}

/** Blanks that HTML runs together (HTML Standard, "ASCII whitespace"). */
const BLANKS = /[ \t\n\f\r]+/;
/** Cells in cells; what is nested deeper is laid out within the cell around it. */
const MAX_FRAMES = 50;

/** Stands between the cells of a row: mail may not hold it (RFC 5322, 4.1), so no text does. */
const CELL = '\0';

/** A text, and the same with a tab between the cells of a table. */
export interface LaidOut {
	readonly text: string;
	/** Absent where there are none. */
	readonly cells?: string;
}

/**
 * Lays text out as a reader sees it: blocks on lines of their own, the cells of a row beside each other with one blank
 * between, whatever blocks stand in them.
 */
export class TextLayout {
	private frames: Frame[] = [newFrame(0)];
	private tables = 0;

	private get frame(): Frame {
		return this.frames[this.frames.length - 1] ?? newFrame(0);
	}

	/** Adds characters of the document; blanks are run together where they do not count. */
	add(characters: string, whiteSpace: WhiteSpace): void {
		if (whiteSpace === 'normal') {
			this.addWords(characters);
			return;
		}
		const lines = characters.split(/\r\n?|\n/);
		lines.forEach((line, index) => {
			if (index > 0) this.breakLine();
			if (whiteSpace === 'lines') this.addWords(line);
			else if (line !== '') write(this.frame, line);
		});
	}

	/** The border of a block: what follows begins a line, behind `lines - 1` empty ones. */
	breakBlock(lines: number): void {
		const { frame } = this;
		frame.breaks = Math.max(frame.breaks, lines);
	}

	/** `<br>` */
	breakLine(): void {
		this.frame.breaks += 1;
		this.frame.isSpaced = false;
	}

	startTable(): void {
		this.tables += 1;
		this.breakBlock(1);
	}

	endTable(): void {
		this.endRow();
		this.tables = Math.max(0, this.tables - 1);
		this.breakBlock(1);
	}

	startRow(): void {
		this.endRow();
		this.frame.cells = 0;
		this.frame.rowStart = this.frame.text.length;
	}

	endRow(): void {
		this.endCell();
		const { frame } = this;
		if (frame.text.length > frame.rowStart) frame.rows += 1;
		frame.rowStart = frame.text.length;
		frame.cells = 0;
		this.breakBlock(1);
	}

	startCell(): void {
		this.endCell();
		this.frame.isSpaced = true;
		if (this.frames.length < MAX_FRAMES) this.frames.push(newFrame(this.tables));
	}

	/** Ends the cell of the innermost table, if one is open. */
	endCell(): void {
		const { frame } = this;
		if (this.frames.length === 1 || frame.tables < this.tables) return;
		this.frames.pop();
		const outer = this.frame;
		outer.isSpaced = true;
		if (!isVisible(frame.text)) {
			outer.cells += 1;
			return;
		}
		// A table of several rows is a block; whatever else a cell holds begins beside the cell before it.
		const isBlock = frame.rows > 1;
		if (isBlock) this.breakBlock(1);
		write(outer, trimCell(frame.text));
		if (isBlock) this.breakBlock(1);
		outer.isSpaced = true;
		outer.cells = isBlock ? 0 : 1;
	}

	/** The whole text. */
	end(): LaidOut {
		this.tables = 0;
		while (this.frames.length > 1) this.endCell();
		const { text } = this.frame;
		if (!text.includes(CELL)) return { text };
		return {
			// A first cell without text, and one in the middle, do not show.
			text: text.replace(FIRST_CELLS, '$1').replace(OTHER_CELLS, ' '),
			cells: text.replaceAll(CELL, '\t'),
		};
	}

	private addWords(characters: string): void {
		const words = characters.split(BLANKS);
		words.forEach((word, index) => {
			if (index > 0) this.frame.isSpaced = true;
			if (word !== '') write(this.frame, word);
		});
	}
}

function newFrame(tables: number): Frame {
	return { text: '', breaks: 0, isSpaced: false, cells: 0, tables, rows: 0, rowStart: 0 };
}

const FIRST_CELLS = new RegExp(`(^|\\n)${CELL}+`, 'g');
const OTHER_CELLS = new RegExp(`${CELL}+`, 'g');

function trimCell(text: string): string {
	let start = 0;
	while (text[start] === CELL) start += 1;
	return text.slice(start).trim();
}

function write(frame: Frame, text: string): void {
	const isStart = frame.text === '';
	if (!isStart && frame.breaks > 0) frame.text += '\n'.repeat(frame.breaks);
	else if (!isStart && frame.isSpaced && frame.cells === 0) frame.text += ' ';
	frame.text += CELL.repeat(frame.cells) + text;
	frame.breaks = 0;
	frame.isSpaced = false;
	frame.cells = 0;
}
