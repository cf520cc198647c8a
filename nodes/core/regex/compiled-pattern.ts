import type { Domain } from './character-sets';
import {
	createLinearMatcher,
	createNativeMatcher,
	createStepwiseMatcher,
	type LinearMatcher,
	type Matcher,
} from './engines';
import { PatternBudgetError } from './errors';
import { capturesEmptyRounds, isExactInJavaScript } from './exactness';
import { GuardTimeoutError } from './guard';
import type { MatchBudget } from './match-budget';
import type { Pattern, PatternMatch } from './pattern';
import { expandedSizeOf, longestTextWithin } from './program-size';
import type { PatternTree } from './syntax-tree';
import type { TextTraits } from './text-traits';
import { isUnitSensitive } from './unit-sensitivity';

/** Characters times instructions that RE2JS works off in some 40 ms at worst, so that no guard is needed. */
const UNGUARDED_LINEAR_WORK = 4_000_000;
/** Steps of V8 that take some 80 ms at the very worst, mostly a hundredth of it, so that no guard is needed. */
const UNGUARDED_NATIVE_STEPS = 10_000_000;
/** No text longer than this, in UTF-16 units, is given to V8 without a guard. */
const UNGUARDED_NATIVE_LENGTH = 100_000;
/** Programs that are larger written out are neither given to RE2JS nor compiled without a guard. */
const MAX_EXPANDED_SIZE = 10_000;
/** Of the time for a match, how much V8 has before RE2JS takes over. */
const NATIVE_SHARE = 0.25;

/** The matchers of a pattern for one kind of text, made when they are first needed. */
interface Programs {
	linear?: LinearMatcher | 'none';
	native?: Matcher;
	stepwise?: Matcher;
}

/** A pattern with its engines, and the rules by which one is chosen for a text. */
export class CompiledPattern implements Pattern {
	readonly groupNames: readonly string[];
	readonly engine: 'linear' | 'timeLimited';
	readonly mentionsCarriageReturn: boolean;
	private readonly isExactInJavaScript: boolean;
	private readonly expandedSize: number;
	private readonly programs: Record<Domain, Programs> = { ascii: {}, unicode: {} };
	private readonly capturesEmptyRounds: boolean;
	private unitSensitive: boolean | undefined;
	private unguardedLength: number | undefined;

	constructor(
		readonly source: string,
		private readonly tree: PatternTree,
	) {
		this.groupNames = tree.groupNames;
		this.mentionsCarriageReturn = tree.mentionsCarriageReturn;
		this.isExactInJavaScript = isExactInJavaScript(tree.root);
		this.capturesEmptyRounds = capturesEmptyRounds(tree.root);
		this.expandedSize = expandedSizeOf(tree.root);
		this.engine = this.linear('ascii') === undefined ? 'timeLimited' : 'linear';
	}

	match(text: string, budget: MatchBudget): PatternMatch | undefined {
		return budget.charge(this.source, text, () => this.matchCharged(text, budget));
	}

	private matchCharged(text: string, budget: MatchBudget): PatternMatch | undefined {
		const traits = budget.traitsOf(text);
		const domain = traits.ascii ? 'ascii' : 'unicode';
		if (this.isExactInJavaScript && text.length <= this.unguardedNativeLength()) {
			return this.native(domain)(text);
		}
		const linear = this.linearFor(traits);
		if (linear !== undefined && text.length * linear.size <= UNGUARDED_LINEAR_WORK) {
			return this.withExactCaptures(linear.match(text), text, domain, budget);
		}
		if (this.isExactInJavaScript) {
			return linear === undefined
				? this.guarded(this.native(domain), text, domain, budget, budget.matchMs)
				: this.nativeThenLinear(linear.match, text, domain, budget);
		}
		const matcher = linear?.match ?? this.stepwise(domain);
		const match = this.guarded(matcher, text, domain, budget, budget.matchMs);
		return linear === undefined ? match : this.withExactCaptures(match, text, domain, budget);
	}

	/**
	 * RE2 finds the same match as .NET, but does not go through a last round that matches nothing:
	 * on `aa`, `(a*)+` captures `aa`, and the empty text in .NET.
	 */
	private withExactCaptures(
		match: PatternMatch | undefined,
		text: string,
		domain: Domain,
		budget: MatchBudget,
	): PatternMatch | undefined {
		if (match === undefined || !this.capturesEmptyRounds) return match;
		return this.guarded(this.stepwise(domain), text, domain, budget, budget.matchMs);
	}

	/** V8 is the faster one on long texts, RE2JS the one that always comes to an end. */
	private nativeThenLinear(
		linear: Matcher,
		text: string,
		domain: Domain,
		budget: MatchBudget,
	): PatternMatch | undefined {
		const native = this.native(domain);
		const nativeMs = Math.max(1, Math.floor(budget.matchMs * NATIVE_SHARE));
		try {
			return budget.guarded(() => native(text), nativeMs);
		} catch (error) {
			if (!isUndecided(error)) throw error;
			delete this.programs[domain].native;
			return this.guarded(linear, text, domain, budget, Math.max(1, budget.matchMs - nativeMs));
		}
	}

	private guarded(
		matcher: Matcher,
		text: string,
		domain: Domain,
		budget: MatchBudget,
		timeoutMs: number,
	): PatternMatch | undefined {
		try {
			return budget.guarded(() => matcher(text), timeoutMs);
		} catch (error) {
			if (!isUndecided(error)) throw error;
			// What was ended in the middle of its work is not used again.
			this.programs[domain] = {};
			const reason = error instanceof GuardTimeoutError ? 'time' : 'memory';
			throw new PatternBudgetError(this.source, reason, timeoutMs, text.length);
		}
	}

	/** The longest text on which V8 surely comes to an end without a guard; -1 for none. */
	private unguardedNativeLength(): number {
		return (this.unguardedLength ??=
			this.expandedSize > MAX_EXPANDED_SIZE
				? -1
				: longestTextWithin(this.tree.root, UNGUARDED_NATIVE_STEPS, UNGUARDED_NATIVE_LENGTH));
	}

	private linearFor(traits: TextTraits): LinearMatcher | undefined {
		if (traits.surrogates) {
			this.unitSensitive ??= isUnitSensitive(this.tree.root);
			if (this.unitSensitive) return undefined;
		}
		return this.linear(traits.ascii ? 'ascii' : 'unicode');
	}

	private linear(domain: Domain): LinearMatcher | undefined {
		const programs = this.programs[domain];
		programs.linear ??=
			(this.expandedSize <= MAX_EXPANDED_SIZE && createLinearMatcher(this.tree, domain)) || 'none';
		return programs.linear === 'none' ? undefined : programs.linear;
	}

	private native(domain: Domain): Matcher {
		return (this.programs[domain].native ??= createNativeMatcher(this.tree, domain));
	}

	private stepwise(domain: Domain): Matcher {
		return (this.programs[domain].stepwise ??= createStepwiseMatcher(this.tree, domain));
	}
}

/** Whether an engine was ended, or found no more room on its stack, before it came to an answer. */
function isUndecided(error: unknown): boolean {
	return error instanceof GuardTimeoutError || error instanceof RangeError;
}
