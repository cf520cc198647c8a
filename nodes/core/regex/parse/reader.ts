import { PatternSyntaxError } from '../errors';
import type { GroupTable } from './group-table';

/** .NET's RegexOptions that may also stand in a pattern, as `(?imnsx-imnsx)`; all off unless given. */
export interface PatternOptions {
	readonly ignoreCase?: boolean;
	readonly multiline?: boolean;
	readonly explicitCapture?: boolean;
	readonly singleline?: boolean;
	readonly ignorePatternWhitespace?: boolean;
}

const LETTERS: Readonly<Record<string, keyof PatternOptions>> = {
	i: 'ignoreCase',
	m: 'multiline',
	n: 'explicitCapture',
	s: 'singleline',
	x: 'ignorePatternWhitespace',
};
const OPTION_LETTERS = /[-+imnsx]*/iy;
const DIGITS = /\d*/y;
/** The largest number .NET reads in a pattern. */
const MAX_NUMBER = 2_147_483_647;
const LINE_FEED = '\n';
/** What .NET's IgnorePatternWhitespace skips; a vertical tab is not among them. */
const BLANKS = ' \t\n\f\r';

/** The place in a pattern that is being read, and what the parser knows there. */
export class PatternReader {
	position = 0;
	/** Groups opened and not yet closed. */
	depth = 0;
	mentionsCarriageReturn = false;
	/** Whether what is being read stands directly in a `(?(` that has a condition. */
	inConditional = false;
	/** Set where the next unnamed group does not capture: .NET has one such group in a condition, or behind it, which it counts. */
	skipsCapture: 'counted' | 'uncounted' | undefined;

	constructor(
		readonly source: string,
		public options: PatternOptions,
		/** The groups of the pattern; unknown while they are being collected. */
		readonly groups: GroupTable,
	) {}

	get atEnd(): boolean {
		return this.position >= this.source.length;
	}

	/** The character at an offset from here, or '' behind the end. */
	peek(offset = 0): string {
		return this.source.charAt(this.position + offset);
	}

	/** Reads one character; '' at the end. */
	next(): string {
		const character = this.peek();
		this.position += 1;
		return character;
	}

	/** Reads a text if it stands here. */
	take(text: string): boolean {
		if (!this.source.startsWith(text, this.position)) return false;
		this.position += text.length;
		return true;
	}

	/** Reads what a sticky expression matches here; '' when it does not match. */
	takeMatch(sticky: RegExp): string {
		sticky.lastIndex = this.position;
		const text = sticky.exec(this.source)?.[0] ?? '';
		this.position += text.length;
		return text;
	}

	/** Reads decimal digits. */
	takeNumber(): number {
		return this.toNumber(this.takeMatch(DIGITS));
	}

	toNumber(digits: string): number {
		const value = Number(digits);
		if (value > MAX_NUMBER) throw this.error(`the number ${digits} is too large`);
		return value;
	}

	/** Skips `(?#...)`, and under `(?x)` white space and `#` comments. */
	skipBlank(): void {
		for (;;) {
			if (this.options.ignorePatternWhitespace && !this.atEnd && BLANKS.includes(this.peek())) {
				this.position += 1;
			} else if (this.options.ignorePatternWhitespace && this.peek() === '#') {
				const end = this.source.indexOf(LINE_FEED, this.position);
				this.position = end === -1 ? this.source.length : end;
			} else if (this.source.startsWith('(?#', this.position)) {
				const end = this.source.indexOf(')', this.position);
				if (end === -1) throw this.error('a comment "(?#" is not closed', this.position);
				this.position = end + 1;
			} else return;
		}
	}

	/** Notes an explicitly written UTF-16 unit and returns it. */
	explicit(unit: number): number {
		if (unit === 0x0d) this.mentionsCarriageReturn = true;
		return unit;
	}

	error(problem: string, position = this.position, hint?: string): PatternSyntaxError {
		return new PatternSyntaxError(this.source, position, problem, hint);
	}
}

/** Reads option letters and applies them from here on; reads nothing when there are none. */
export function parseInlineOptions(reader: PatternReader): void {
	let on = true;
	for (const letter of reader.takeMatch(OPTION_LETTERS)) {
		const option = LETTERS[letter.toLowerCase()];
		if (option === undefined) on = letter === '+';
		else reader.options = { ...reader.options, [option]: on };
	}
}
