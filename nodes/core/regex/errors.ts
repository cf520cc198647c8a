import { IngestError } from '../errors';

const SHOWN_LENGTH = 200;

/** A pattern that .NET refuses, or that this package cannot run: where it is wrong, and what to write instead. */
export class PatternSyntaxError extends IngestError {
	/**
	 * @param source the pattern as the user wrote it
	 * @param position zero-based offset into it, in UTF-16 units
	 * @param problem what is wrong, without position and pattern, for screens that show those themselves
	 */
	constructor(
		readonly source: string,
		readonly position: number,
		readonly problem: string,
		hint = 'Correct the pattern; it is read as a .NET regular expression.',
	) {
		const shown = `Pattern "${shorten(source)}": ${problem} (position ${String(position + 1)}).`;
		super('pattern', shown, { remedy: hint });
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
	/** @param textLength length of the text in UTF-16 units */
	constructor(
		readonly source: string,
		readonly reason: BudgetReason,
		private readonly limit: number,
		readonly textLength: number,
		rule?: string,
	) {
		const where = rule === undefined ? '' : `Rule "${rule}": `;
		super(
			'undecided',
			`${where}Pattern "${shorten(source)}" ${REASONS[reason](limit)} (text of ${String(textLength)} characters).`,
			{
				remedy:
					reason === 'textLength'
						? 'Raise the limit for the length of a text, or treat such messages by hand.'
						: 'Simplify the pattern: write repeats that cannot take the same text in several ways, and avoid back-references.',
			},
		);
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
