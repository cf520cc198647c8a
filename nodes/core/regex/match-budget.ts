import { PatternBudgetError } from './errors';

/** What is left for the patterns of one message. It is counted in steps, not in time: a busy host decides like an idle one. */
export class MatchBudget {
	/** Steps for all patterns of the message together: about a second on a machine of 2025; the same verdict on any other. */
	readonly totalSteps: number = 30_000_000;
	/** Steps between two turns of the event loop: a few milliseconds. */
	readonly turnSteps: number = 50_000;
	/** Longest text in UTF-16 units. */
	readonly textLength: number = 1024 * 1024;
	private spent = 0;
	private spentAtYield = 0;

	constructor(limits: Partial<Pick<MatchBudget, 'totalSteps' | 'turnSteps' | 'textLength'>> = {}) {
		Object.assign(this, limits);
	}

	/** Steps that the patterns of the message may still take. */
	get remainingSteps(): number {
		return Math.max(0, this.totalSteps - this.spent);
	}

	/** Whether to let the event loop run (and then call {@link yielded}) before going on. */
	get shouldYield(): boolean {
		return this.spent - this.spentAtYield >= this.turnSteps;
	}

	/** Steps that may be taken before the event loop has to run; one turn's at most. */
	get stepsToYield(): number {
		const left = this.spentAtYield + this.turnSteps - this.spent;
		return Math.min(this.remainingSteps, left > 0 ? left : this.turnSteps);
	}

	/** Notes that the event loop has run. */
	yielded(): void {
		this.spentAtYield = this.spent;
	}

	/** Takes steps off the budget. */
	spend(steps: number): void {
		this.spent += steps;
	}

	/**
	 * Admits a match before it begins.
	 *
	 * @throws PatternBudgetError when the text is too long or the message's steps are used up
	 */
	admit(source: string, text: string): void {
		if (text.length > this.textLength) {
			throw new PatternBudgetError(source, 'textLength', this.textLength, text.length);
		}
		if (this.remainingSteps === 0) {
			throw new PatternBudgetError(source, 'steps', this.totalSteps, text.length);
		}
	}
}
