import { IngestError } from '../errors';

const SHOWN_LENGTH = 200;

/** A pattern that .NET refuses, or that this package cannot run: where it is wrong, and what to write instead. */
export class PatternSyntaxError extends IngestError {
	/** The pattern as the user wrote it. */
	readonly source: string;
	/** Zero-based offset into `source`, in UTF-16 units. */
	readonly position: number;
	/** What is wrong, without position and pattern, for screens that show those themselves. */
	readonly problem: string;

	constructor(source: string, position: number, problem: string, hint?: string) {
		super(
			'pattern',
			`Pattern "${shorten(source)}": ${problem} (position ${String(position + 1)}).`,
			{
				remedy: hint ?? 'Correct the pattern; it is read as a .NET regular expression.',
			},
		);
		this.source = source;
		this.position = position;
		this.problem = problem;
	}
}

/** Why a pattern could not be decided on a text; the same on every host and at every attempt. */
export type BudgetReason = 'steps' | 'textLength' | 'memory';

const REASONS: Readonly<Record<BudgetReason, (limit: number) => string>> = {
	steps: (limit) => `was not decided within ${limit.toLocaleString('en-US')} steps`,
	textLength: (limit) => `is not tried on texts longer than ${String(limit)} characters`,
	memory: () => 'needs more memory for backtracking than a pattern may have',
};

/** A pattern that was not decided on a text within its budget: neither a match nor "no match". */
export class PatternBudgetError extends IngestError {
	readonly source: string;
	readonly reason: BudgetReason;
	/** Length of the text in UTF-16 units. */
	readonly textLength: number;

	constructor(
		source: string,
		reason: BudgetReason,
		private readonly limit: number,
		textLength: number,
		rule?: string,
	) {
		super(
			'undecided',
			`${rule === undefined ? '' : `Rule "${rule}": `}Pattern "${shorten(source)}" ${REASONS[reason](limit)} (text of ${String(textLength)} characters).`,
			{
				remedy:
					reason === 'textLength'
						? 'Raise the limit for the length of a text, or treat such messages by hand.'
						: 'Simplify the pattern: write repeats that cannot take the same text in several ways, and avoid back-references.',
			},
		);
		this.source = source;
		this.reason = reason;
		this.textLength = textLength;
	}

	/** The same error for people who know rules rather than patterns. */
	inRule(rule: string): PatternBudgetError {
		return new PatternBudgetError(this.source, this.reason, this.limit, this.textLength, rule);
	}
}

/** Patterns may be long; a message shows their beginning. */
export function shorten(source: string): string {
	return source.length > SHOWN_LENGTH ? `${source.slice(0, SHOWN_LENGTH)}...` : source;
}
