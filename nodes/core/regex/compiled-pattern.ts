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
import { lookaheadPathsOf } from './lookahead-paths';
import type { MatchBudget } from './match-budget';
import type { Pattern, PatternMatch } from './pattern';
import { printRe2 } from './print-re2';
import { expandedSizeOf, longestTextWithin } from './program-size';
import { createPrefixTest, toSearchPrefix, type SearchPrefix } from './search-prefix';
import type { PatternTree } from './syntax-tree';
import type { TextTraits } from './text-traits';
import { isUnitSensitive } from './unit-sensitivity';

/** Characters times instructions that RE2JS works off in some 40 ms at worst, so that no guard is needed. */
const UNGUARDED_LINEAR_WORK = 4_000_000;
/** Steps of V8 that take some 80 ms at the very worst, mostly a hundredth of it, so that no guard is needed. */
const UNGUARDED_NATIVE_STEPS = 10_000_000;
/** No text longer than this, in UTF-16 units, is given to V8 without a guard. */
const UNGUARDED_NATIVE_LENGTH = 1024 * 1024;
/** Programs that are larger written out are neither given to RE2JS nor to V8 without a guard. */
const MAX_EXPANDED_SIZE = 10_000;
/** On longer texts V8 under guard is faster than RE2JS without, in UTF-16 units. */
const UNGUARDED_LINEAR_LENGTH = 20_000;
/** Programs up to this size are compiled without a guard. */
const SMALL_SIZE = 500;
/** With more paths than this, V8 takes too long to compile a pattern, and cannot be interrupted. */
const MAX_LOOKAHEAD_PATHS = 1_000_000;
/** Of the time for a match, how much V8 has before RE2JS takes over, and how many milliseconds at most. */
const NATIVE_SHARE = 0.25;
const NATIVE_MS = 60;

/** The matchers of a pattern for one kind of text, made when they are first needed. */
interface Programs {
	/** Without a matcher where RE2 cannot express the pattern. */
	linear?: { readonly matcher: LinearMatcher | undefined };
	native?: Matcher;
	stepwise?: Matcher;
	prefixTest?: (text: string) => boolean;
}

/** What a match works on. */
interface Task {
	readonly text: string;
	readonly domain: Domain;
	readonly budget: MatchBudget;
}

/** A pattern with its engines, and the rules by which one is chosen for a text. */
export class CompiledPattern implements Pattern {
	readonly groupNames: readonly string[];
	readonly engine: 'linear' | 'timeLimited';
	readonly mentionsCarriageReturn: boolean;
	private readonly suitsJavaScript: boolean;
	private readonly expandedSize: number;
	private readonly programs: Record<Domain, Programs> = { ascii: {}, unicode: {} };
	private readonly capturesEmptyRounds: boolean;
	private unitSensitive: boolean | undefined;
	private unguardedLength: number | undefined;
	private readonly prefix: SearchPrefix | undefined;

	constructor(
		readonly source: string,
		private readonly tree: PatternTree,
	) {
		this.groupNames = tree.groupNames;
		this.mentionsCarriageReturn = tree.mentionsCarriageReturn;
		this.suitsJavaScript =
			isExactInJavaScript(tree.root) && lookaheadPathsOf(tree.root) <= MAX_LOOKAHEAD_PATHS;
		this.capturesEmptyRounds = capturesEmptyRounds(tree.root);
		this.expandedSize = expandedSizeOf(tree.root);
		this.prefix = toSearchPrefix(tree.root);
		const isLinear =
			this.expandedSize <= MAX_EXPANDED_SIZE && printRe2(tree.root, 'ascii') !== undefined;
		this.engine = isLinear ? 'linear' : 'timeLimited';
	}

	match(text: string, budget: MatchBudget): PatternMatch | undefined {
		return budget.charge(this.source, text, () => this.matchCharged(text, budget));
	}

	private matchCharged(text: string, budget: MatchBudget): PatternMatch | undefined {
		const traits = budget.traitsOf(text);
		const task: Task = { text, domain: traits.ascii ? 'ascii' : 'unicode', budget };
		if (this.isQuickInJavaScript(task)) return this.native(task)(text);
		const linear = this.linearFor(traits, task);
		if (linear !== undefined && this.isQuickInRe2(text, linear)) {
			return this.withExactCaptures(linear.match(text), task);
		}
		if (this.suitsJavaScript) {
			return linear === undefined
				? this.guarded(this.native(task), task)
				: this.nativeThenLinear(linear.match, task);
		}
		if (linear === undefined) return this.guarded(this.stepwise(task), task);
		return this.withExactCaptures(this.guarded(linear.match, task), task);
	}

	/**
	 * RE2 finds the same match as .NET, but does not go through a last round that matches nothing:
	 * on `aa`, `(a*)+` captures `aa`, and the empty text in .NET.
	 */
	private withExactCaptures(match: PatternMatch | undefined, task: Task): PatternMatch | undefined {
		if (match === undefined || !this.capturesEmptyRounds) return match;
		return this.guarded(this.stepwise(task), task);
	}

	/** V8 is the faster one on long texts, RE2JS the one that always comes to an end. */
	private nativeThenLinear(linear: Matcher, task: Task): PatternMatch | undefined {
		const { text, domain, budget } = task;
		const native = this.native(task);
		const nativeMs = Math.max(1, Math.min(NATIVE_MS, Math.floor(budget.matchMs * NATIVE_SHARE)));
		try {
			return budget.guarded(() => native(text), nativeMs);
		} catch (error) {
			if (!isUndecided(error)) throw error;
			delete this.programs[domain].native;
			return this.guarded(linear, task);
		}
	}

	private guarded<T>(work: (text: string) => T, { text, domain, budget }: Task): T {
		const timeoutMs = budget.matchMs;
		try {
			return budget.guarded(() => work(text), timeoutMs);
		} catch (error) {
			if (!isUndecided(error)) throw error;
			// What was ended in the middle of its work is not used again.
			this.programs[domain] = {};
			const reason = error instanceof GuardTimeoutError ? 'time' : 'memory';
			throw new PatternBudgetError(this.source, reason, timeoutMs, text.length);
		}
	}

	/** Whether V8 surely comes to an end soon, by the length of the text, or by what is in it. */
	private isQuickInJavaScript(task: Task): boolean {
		const { text, domain } = task;
		if (!this.suitsJavaScript || this.expandedSize > MAX_EXPANDED_SIZE) return false;
		this.unguardedLength ??= longestTextWithin(
			this.tree.root,
			UNGUARDED_NATIVE_STEPS,
			UNGUARDED_NATIVE_LENGTH,
		);
		if (text.length <= this.unguardedLength) return true;
		const { prefix } = this;
		if (prefix === undefined) return false;
		const programs = this.programs[domain];
		programs.prefixTest ??= createPrefixTest(prefix, domain, UNGUARDED_NATIVE_STEPS);
		return programs.prefixTest(text);
	}

	/** Whether RE2JS comes to an end soon, and sooner than a guard is set up for V8. */
	private isQuickInRe2(text: string, linear: LinearMatcher): boolean {
		if (this.suitsJavaScript && text.length > UNGUARDED_LINEAR_LENGTH) return false;
		return text.length * linear.size <= UNGUARDED_LINEAR_WORK;
	}

	/** Makes a program: one that may be large, for its classes or its counts, under guard. */
	private make<T>(create: (tree: PatternTree, domain: Domain) => T, task: Task): T {
		const { domain } = task;
		if (domain === 'ascii' && this.expandedSize <= SMALL_SIZE) return create(this.tree, domain);
		return this.guarded(() => create(this.tree, domain), task);
	}

	private linearFor(traits: TextTraits, task: Task): LinearMatcher | undefined {
		if (traits.surrogates) {
			this.unitSensitive ??= isUnitSensitive(this.tree.root);
			if (this.unitSensitive) return undefined;
		}
		if (this.expandedSize > MAX_EXPANDED_SIZE) return undefined;
		const programs = this.programs[task.domain];
		programs.linear ??= { matcher: this.make(createLinearMatcher, task) };
		return programs.linear.matcher;
	}

	private native(task: Task): Matcher {
		return (this.programs[task.domain].native ??= this.make(createNativeMatcher, task));
	}

	private stepwise(task: Task): Matcher {
		return (this.programs[task.domain].stepwise ??= this.make(createStepwiseMatcher, task));
	}
}

/** Whether an engine was ended, or found no more room on its stack, before it came to an answer. */
function isUndecided(error: unknown): boolean {
	return error instanceof GuardTimeoutError || error instanceof RangeError;
}
