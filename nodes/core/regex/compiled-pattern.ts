import { isAlikeInDomains, type Domain } from './sets/character-sets';
import {
	createLinearMatcher,
	createStepwiseMatcher,
	type LinearMatcher,
	type Matcher,
} from './engines/engines';
import { PatternBudgetError } from './errors';
import { capturesEmptyRounds, isExactInJavaScript } from './engines/exactness';
import { GuardTimeoutError } from './engines/guard';
import { lookaheadPathsOf } from './cost/lookahead-paths';
import { NativeSearch } from './cost/native-search';
import type { MatchBudget } from './match-budget';
import type { Pattern, PatternMatch } from './pattern';
import { looksAtLines } from './engines/print-javascript';
import { printRe2 } from './engines/print-re2';
import { expandedSizeOf } from './cost/program-size';
import { createSearchStart, type SearchStart } from './cost/search-start';
import { rewoundUnitsOf } from './cost/lengths';
import { searchFromRunStarts } from './cost/run-starts';
import { someNode, type PatternTree } from './syntax-tree';
import type { TextTraits } from './cost/text-traits';
import { isUnitSensitive } from './engines/unit-sensitivity';

/** Characters times instructions that RE2JS works off in some 40 ms at worst, so that no guard is needed. */
const UNGUARDED_LINEAR_WORK = 4_000_000;
/** On longer texts V8 under guard is faster than RE2JS without, in UTF-16 units. */
const UNGUARDED_LINEAR_LENGTH = 20_000;
/** Programs that are larger written out are not given to RE2JS. */
const MAX_EXPANDED_SIZE = 10_000;
/** Programs up to this size are compiled, and what they cost is found out, without a guard. */
const SMALL_SIZE = 500;
/** With more paths than this, V8 takes too long to compile a pattern, and cannot be interrupted. */
const MAX_LOOKAHEAD_PATHS = 1_000_000;
/** With more units than these to go over again, V8 may take some 80 ms longer than its guard allows. */
const MAX_REWOUND_UNITS = 10_000_000;
/** Of the time for a match, how much V8 has before RE2JS takes over. */
const NATIVE_SHARE = 0.25;

/** The matchers of a pattern for one kind of text, made when they are first needed. */
interface Programs {
	/** Without a matcher where RE2 cannot express the pattern. */
	linear?: { readonly matcher: LinearMatcher | undefined };
	/** By whether it is for texts with no line ends but `\n` (1) and for searches behind a match (2), where that matters. */
	native?: NativeSearch[];
	stepwise?: Matcher;
}

/** What a match works on. */
interface Task {
	readonly text: string;
	/** Where the match before ended; 0 in a first search. */
	readonly searchStart: number;
	/** Where the search begins: there, or one unit on if that match was empty. */
	readonly begin: number;
	/** Where a match may begin at the earliest, by what the pattern begins and ends with. */
	readonly from: number;
	readonly traits: TextTraits;
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
	private readonly programs: Record<Domain, Programs> = {
		ascii: {},
		common: {},
		unicode: {},
	};
	private readonly capturesEmptyRounds: boolean;
	private unitSensitive: boolean | undefined;
	private readonly looksAtLines: boolean;
	private readonly searchStart: SearchStart;
	private readonly alike: boolean;
	private readonly runStartsMatter: boolean;
	private readonly looksAtSearch: boolean;

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
		this.looksAtLines = looksAtLines(tree.root);
		this.searchStart = createSearchStart(tree.root);
		this.alike = isAlikeInDomains(tree.root);
		this.runStartsMatter = searchFromRunStarts(tree.root) !== tree.root;
		this.looksAtSearch = someNode(
			tree.root,
			(node) => node.kind === 'assertion' && node.ofSearch === true,
		);
		const isLinear =
			this.expandedSize <= MAX_EXPANDED_SIZE && printRe2(tree.root, 'ascii') !== undefined;
		this.engine = isLinear ? 'linear' : 'timeLimited';
	}

	match(text: string, budget: MatchBudget, after?: PatternMatch): PatternMatch | undefined {
		return budget.charge(this.source, text, () => {
			const task = this.toTask(text, budget, after);
			return task === undefined ? undefined : this.decide(task);
		});
	}

	/** What is to be done, unless the text surely has no match there. */
	private toTask(text: string, budget: MatchBudget, after?: PatternMatch): Task | undefined {
		const searchStart = after === undefined ? 0 : after.index + after.value.length;
		const begin = after?.value === '' ? searchStart + 1 : searchStart;
		if (begin > text.length) return undefined;
		const from = this.searchStart(text, begin);
		if (from === -1) return undefined;
		const traits = budget.traitsOf(text);
		const domain = this.alike ? 'unicode' : traits.domain;
		return { text, searchStart, begin, from, traits, domain, budget };
	}

	private decide(task: Task): PatternMatch | undefined {
		const { text, begin, from, traits } = task;
		// V8 and RE2 know `\G` as the start of the text only.
		if (begin > 0 && this.looksAtSearch) return this.guarded(this.stepwise(task), task);
		if (this.suitsJavaScript && this.expandedSize <= SMALL_SIZE) {
			const decided = this.native(task).decideSoon(text, from, traits);
			if (decided !== undefined) return decided.match;
		}
		const linear = this.linearFor(task);
		if (linear !== undefined && this.isQuickInRe2(text, linear)) {
			return this.withExactCaptures(linear.match(text, begin), task);
		}
		if (this.suitsJavaScript && rewoundUnitsOf(this.tree.root, text.length) <= MAX_REWOUND_UNITS) {
			return linear === undefined
				? this.guarded(this.nativeMatcher(task), task)
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
		const match = this.nativeMatcher(task);
		const nativeMs = Math.max(1, Math.floor(budget.matchMs * NATIVE_SHARE));
		try {
			return budget.guarded(() => match(text), nativeMs);
		} catch (error) {
			if (!isUndecided(error)) throw error;
			// What was ended in the middle of its work is not used again.
			const { linear: kept } = this.programs[domain];
			this.programs[domain] = kept === undefined ? {} : { linear: kept };
			return this.guarded(linear, task);
		}
	}

	private guarded<T>(
		work: (text: string, begin: number, searchStart: number) => T,
		{ text, begin, searchStart, domain, budget }: Task,
	): T {
		const timeoutMs = budget.matchMs;
		try {
			return budget.guarded(() => work(text, begin, searchStart), timeoutMs);
		} catch (error) {
			if (!isUndecided(error)) throw error;
			// What was ended in the middle of its work is not used again.
			this.programs[domain] = {};
			const reason = error instanceof GuardTimeoutError ? 'time' : 'memory';
			throw new PatternBudgetError(this.source, reason, timeoutMs, text.length);
		}
	}

	/** Whether RE2JS comes to an end soon, and sooner than a guard is set up for V8. */
	private isQuickInRe2(text: string, linear: LinearMatcher): boolean {
		if (this.suitsJavaScript && text.length > UNGUARDED_LINEAR_LENGTH) return false;
		return text.length * linear.size <= UNGUARDED_LINEAR_WORK;
	}

	/** Makes a program: one that may be large, for its classes or its counts, under guard. */
	private make<T>(create: (tree: PatternTree, domain: Domain) => T, task: Task): T {
		const { domain } = task;
		const isSmall = this.expandedSize <= SMALL_SIZE && (domain === 'ascii' || this.alike);
		if (isSmall) return create(this.tree, domain);
		return this.guarded(() => create(this.tree, domain), task);
	}

	private linearFor(task: Task): LinearMatcher | undefined {
		if (task.traits.surrogates) {
			// It may begin between the two halves of a character, which RE2 does not divide.
			if (task.begin > 0) return undefined;
			this.unitSensitive ??= isUnitSensitive(this.tree.root);
			if (this.unitSensitive) return undefined;
		}
		if (this.expandedSize > MAX_EXPANDED_SIZE) return undefined;
		const programs = this.programs[task.domain];
		programs.linear ??= { matcher: this.make(createLinearMatcher, task) };
		return programs.linear.matcher;
	}

	private native(task: Task): NativeSearch {
		const programs = this.programs[task.domain];
		const forLines = this.looksAtLines && task.traits.lineFeedsOnly;
		const isFirst = task.begin === 0 || !this.runStartsMatter;
		const create = () =>
			this.make((tree, domain) => new NativeSearch(tree, domain, forLines, isFirst), task);
		const kind = (forLines ? 1 : 0) + (isFirst ? 0 : 2);
		return ((programs.native ??= [])[kind] ??= create());
	}

	private nativeMatcher(task: Task): Matcher {
		const { matcher } = this.native(task);
		return (text) => matcher.match(text, task.from);
	}

	private stepwise(task: Task): Matcher {
		return (this.programs[task.domain].stepwise ??= this.make(createStepwiseMatcher, task));
	}
}

/** Whether an engine was ended, or found no more room on its stack, before it came to an answer. */
function isUndecided(error: unknown): boolean {
	return error instanceof GuardTimeoutError || error instanceof RangeError;
}
