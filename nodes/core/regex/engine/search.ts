import { PatternBudgetError } from '../errors';
import type { PatternMatch } from '../match';
import type { MatchBudget } from '../match-budget';
import type { SearchPlan } from '../program/search-plan';
import { StackLimitError, type Machine } from './machine';

/** What a search costs at least, and how many units that are passed over cost a step. */
const SEARCH_STEPS = 16;
const SCAN_SHIFT = 5;

/** Looks for the first match from a place on, by turns, so that a long search need not keep the event loop waiting. */
export class PatternSearch {
	/** Whether there is more to do: let the event loop run, tell the budget, and go on. */
	paused = true;
	/** The match, once the search is no longer paused; undefined where there is none. */
	match: PatternMatch | undefined;
	private attempting = false;
	private at: number;

	constructor(
		private readonly source: string,
		private readonly plan: SearchPlan,
		private readonly machine: Machine,
		private readonly budget: MatchBudget,
		private readonly begin: number,
	) {
		machine.steps = SEARCH_STEPS;
		budget.spend(SEARCH_STEPS);
		const { text } = machine;
		this.at = begin <= text.length && text.includes(plan.needle, begin) ? begin : -1;
		this.proceed();
	}

	/**
	 * Searches until it is decided or its turn is over.
	 *
	 * @throws PatternBudgetError when it cannot be decided within the budget
	 */
	proceed(): void {
		const { machine, budget, source } = this;
		const { steps, text } = machine;
		machine.limit = steps + budget.stepsToYield;
		try {
			this.paused = !this.advance();
		} catch (error) {
			if (!(error instanceof StackLimitError)) throw error;
			throw new PatternBudgetError(source, 'memory', budget.totalSteps, text.length);
		} finally {
			budget.spend(machine.steps - steps);
		}
		if (this.paused && budget.remainingSteps === 0) {
			throw new PatternBudgetError(source, 'steps', budget.totalSteps, text.length);
		}
	}

	/** Tries one place after the other; true once it is decided. */
	private advance(): boolean {
		const { machine } = this;
		for (;;) {
			if (!this.attempting) {
				const from = this.at;
				this.at = from === -1 ? -1 : this.nextPlace(from);
				if (this.at === -1) return true;
				machine.steps += 1 + ((this.at - from) >> SCAN_SHIFT);
				machine.begin(this.at);
				this.attempting = true;
			}
			const outcome = machine.run();
			if (outcome === 'paused') return false;
			this.attempting = false;
			if (outcome === 'matched') {
				const { text, end, groups } = machine;
				this.match = { index: this.at, value: text.slice(this.at, end), groups };
				return true;
			}
			this.at += 1;
		}
	}

	/** The first place from one on at which a match may begin, or -1. */
	private nextPlace(from: number): number {
		const { text } = this.machine;
		const { anchor, prefix, run, follower } = this.plan;
		if (anchor === 'textStart') return from === 0 ? 0 : -1;
		if (anchor === 'lineStart' && from > 0) return text.indexOf('\n', from - 1) + 1 || -1;
		if (prefix !== '') return text.indexOf(prefix, from);
		let at = follower === '' ? from : text.indexOf(follower, from);
		while (at > from && run?.has(text.charCodeAt(at - 1))) at -= 1;
		return at === -1 ? -1 : this.placeByUnits(at);
	}

	private placeByUnits(from: number): number {
		const { text } = this.machine;
		const { first, run } = this.plan;
		for (let at = from; at <= text.length; at += 1) {
			if (at > this.begin && run?.has(text.charCodeAt(at - 1))) continue;
			if (first === undefined || (at < text.length && first.has(text.charCodeAt(at)))) return at;
		}
		return -1;
	}
}
