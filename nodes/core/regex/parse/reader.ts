import { PatternSyntaxError } from '../errors';
import type { UnitSets } from '../sets/unit-set';
import type { GroupTable } from './group-table';

/** .NET's RegexOptions that may also stand in a pattern, as `(?imnsx-imnsx)`; all off unless given. */
export interface PatternOptions {
	readonly ignoreCase?: boolean;
	readonly multiline?: boolean;
	readonly explicitCapture?: boolean;
	readonly singleline?: boolean;
	readonly ignorePatternWhitespace?: boolean;
}

/** Deepest nesting of groups, and of subtracted classes; recursion stays far from the end of the stack. */
export const MAX_DEPTH = 200;

/** The largest number .NET reads in a pattern. */
const MAX_NUMBER = 2_147_483_647;
const COMMENTS = /(?:\(\?#[^)]*\))*/y;
/** With IgnorePatternWhitespace; a vertical tab is not among what it skips. */
const BLANKS = /(?:[ \t\n\f\r]|#[^\n]*(?:\n|$)|\(\?#[^)]*\))*/y;

/** The place in a pattern that is being read, and what the parser knows there. */
export class PatternReader {
	position = 0;
	mentionsCarriageReturn = false;
	/** Whether what is being read stands directly in a `(?(` that has a condition. */
	inConditional = false;
	/** Set where the next unnamed group does not capture: .NET has one such group in a condition, or behind it, which it counts. */
	skipsCapture: 'counted' | 'uncounted' | undefined;
	private depth = 0;

	constructor(
		readonly source: string,
		public options: PatternOptions,
		/** The groups of the pattern; unknown while they are being collected. */
		readonly groups: GroupTable,
		readonly sets: UnitSets,
	) {}

	/** The character that stands here, or '' at the end. */
	peek(): string {
		return this.source.charAt(this.position);
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

	/** Whether a sticky expression matches here. */
	isAt(sticky: RegExp): boolean {
		sticky.lastIndex = this.position;
		return sticky.test(this.source);
	}

	/** Reads what a sticky expression matches here; '' when it does not match. */
	takeMatch(sticky: RegExp): string {
		const start = this.position;
		if (this.isAt(sticky)) this.position = sticky.lastIndex;
		return this.source.slice(start, this.position);
	}

	toNumber(digits: string, position = this.position): number {
		const value = Number(digits);
		if (value > MAX_NUMBER) throw this.error(`the number ${digits} is too large`, position);
		return value;
	}

	/** Skips `(?#...)`, and under `(?x)` white space and `#` comments. */
	skipBlank(): void {
		this.takeMatch(this.options.ignorePatternWhitespace ? BLANKS : COMMENTS);
	}

	/** Reads what stands within something else that begins at a place, if that is not too deep. */
	nest<T>(start: number, read: () => T): T {
		if (this.depth === MAX_DEPTH) {
			throw this.error(
				`groups or classes are nested too deeply, more than ${String(MAX_DEPTH)} times`,
				start,
			);
		}
		this.depth += 1;
		const inner = read();
		this.depth -= 1;
		return inner;
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
