import { PatternBudgetError } from '../errors';
import type { PatternMatch } from '../match';
import type { MatchBudget } from '../match-budget';
import type { LeadingRun, SearchPlan } from '../program/search-plan';
import { StackLimitError, type Machine } from './machine';

/** What a search of a pattern works with. */
export interface Searched {
	readonly source: string;
	readonly plan: SearchPlan;
	/** What a slot is called, by the register of its capture. */
	readonly groups: readonly (readonly [register: number, name: string])[];
}

const LINE_FEED = '\n';
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
	/** Up to here every text that a match contains still follows. */
	private needlesUntil = -1;
	private at: number;

	constructor(
		private readonly pattern: Searched,
		private readonly machine: Machine,
		private readonly text: string,
		private readonly budget: MatchBudget,
		private readonly begin: number,
		searchStart: number,
	) {
		machine.reset(text, searchStart);
		machine.steps = SEARCH_STEPS;
		budget.spend(SEARCH_STEPS);
		this.at = begin;
		this.proceed();
	}

	/**
	 * Searches until it is decided or its turn is over.
	 *
	 * @throws PatternBudgetError when it cannot be decided within the budget
	 */
	proceed(): void {
		const { machine, budget, pattern, text } = this;
		const before = machine.steps;
		machine.limit = before + budget.stepsToYield;
		try {
			this.paused = !this.advance();
		} catch (error) {
			if (!(error instanceof StackLimitError)) throw error;
			throw new PatternBudgetError(pattern.source, 'memory', budget.totalSteps, text.length);
		} finally {
			budget.spend(machine.steps - before);
		}
		if (this.paused && budget.remainingSteps === 0) {
			throw new PatternBudgetError(pattern.source, 'steps', budget.totalSteps, text.length);
		}
	}

	/** Tries one place after the other; true once it is decided. */
	private advance(): boolean {
		const { machine } = this;
		for (;;) {
			if (!this.attempting) {
				const from = this.at;
				this.at = this.nextPlace(from);
				if (this.at === -1) return true;
				machine.steps += 1 + ((this.at - from) >> SCAN_SHIFT);
				machine.begin(this.at);
				this.attempting = true;
			}
			const outcome = machine.run();
			if (outcome === 'paused') return false;
			this.attempting = false;
			if (outcome === 'matched') {
				this.match = this.toMatch();
				return true;
			}
			this.at += 1;
		}
	}

	/** The first place from one on at which a match may begin, or -1. */
	private nextPlace(from: number): number {
		const { text } = this;
		const place = this.likelyPlace(from);
		if (place === -1 || place > text.length) return -1;
		if (this.needlesUntil < place) {
			const found = this.pattern.plan.needles.map((needle) => text.indexOf(needle, place));
			if (found.includes(-1)) return -1;
			this.needlesUntil = Math.min(text.length, ...found);
		}
		return place;
	}

	private likelyPlace(from: number): number {
		const { text, machine } = this;
		const { anchor, prefix, run } = this.pattern.plan;
		if (anchor === 'textStart') return from === 0 ? 0 : -1;
		if (anchor === 'searchStart') return from <= machine.searchStart ? machine.searchStart : -1;
		if (anchor === 'lineStart') {
			if (from === 0 || text[from - 1] === LINE_FEED) return from;
			const lineEnd = text.indexOf(LINE_FEED, from);
			return lineEnd === -1 ? -1 : lineEnd + 1;
		}
		if (prefix !== '') return text.indexOf(prefix, from);
		if (run !== undefined && run.follower !== '') return this.placeByFollower(run, from);
		return this.placeByUnits(from);
	}

	private placeByUnits(from: number): number {
		const { text } = this;
		const { first, run } = this.pattern.plan;
		if (first === undefined) return this.behindRun(from);
		for (let at = from; at < text.length; at += 1) {
			if (!first.has(text.charCodeAt(at))) continue;
			if (run === undefined || !this.isWithinRun(run, at)) return at;
		}
		return -1;
	}

	private behindRun(from: number): number {
		const { run } = this.pattern.plan;
		let at = from;
		while (run !== undefined && at <= this.text.length && this.isWithinRun(run, at)) at += 1;
		return at;
	}

	private isWithinRun({ set }: LeadingRun, at: number): boolean {
		return at > this.begin && set.has(this.text.charCodeAt(at - 1));
	}

	/** The beginning of the next run that has its follower in it or behind it. */
	private placeByFollower(run: LeadingRun, start: number): number {
		const { text } = this;
		for (let from = this.behindRun(start); ;) {
			const found = text.indexOf(run.follower, from + run.min);
			if (found === -1) return -1;
			let at = found;
			while (at > from && run.set.has(text.charCodeAt(at - 1))) at -= 1;
			if (found - at >= run.min) return at;
			from = at;
		}
	}

	private toMatch(): PatternMatch {
		const { text, at, machine } = this;
		const groups = new Map<string, string>();
		for (const [register, name] of this.pattern.groups) {
			const start = machine.registers[register] ?? -1;
			if (start >= 0) groups.set(name, text.slice(start, machine.registers[register + 1]));
		}
		return { index: at, value: text.slice(at, machine.end), groups };
	}
}
