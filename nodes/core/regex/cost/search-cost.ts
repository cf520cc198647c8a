import { alphabetOf, complementIn, rangesOf, type Domain } from '../sets/character-sets';
import { isNullable } from '../engines/exactness';
import { longestCapturesIn } from './lengths';
import { areDisjoint, includes, union, type Ranges } from '../sets/ranges';
import { isRun, setNotBefore } from './run-starts';
import {
	categorySet,
	childrenOf,
	partsOf,
	type CharacterSet,
	type PatternNode,
	type RepeatNode,
} from '../syntax-tree';
import type { TextShape } from './text-traits';

/** How a backtracking engine fares from one place: the ways on behind a node, and the steps to try them all. */
interface Effort {
	readonly ways: number;
	readonly steps: number;
}

/** The units that something may begin with, and the steps after which it has failed where none of them stands. */
interface Beginning {
	readonly units: Ranges;
	readonly steps: number;
}

/** What comes behind a node. */
interface Follow {
	/** What it begins with, no unit at the end of a pattern; undefined when that is not known. */
	readonly first: Beginning | undefined;
	/** Whether the pattern ends here, so that the first way is the match. */
	readonly ends: boolean;
}

const LINE_FEED = 0x0a;
/** A unit compared costs V8 a fraction of what a choice costs it. */
const COMPARISON: Effort = { ways: 1, steps: 0.25 };
const CHOICE: Effort = { ways: 1, steps: 1 };
const UNKNOWN: Follow = { first: undefined, ends: false };
const NO_UNIT: Beginning = { units: [], steps: 0 };
const END: Follow = { first: NO_UNIT, ends: true };
/** Where a look-around ends its first way is the only one, but it may lead nowhere. */
const END_OF_LOOK: Follow = { first: NO_UNIT, ends: false };
/** So many parts are looked at for the units that may come next. */
const MAX_FOLLOWING = 8;
const CHOICE_OF_NONE: Beginning = { units: [], steps: 1 };
const NO_TEXT: TextShape = { length: 0, longestLine: 0, longestBlank: 0, lines: 1 };

const SPACE = categorySet('space', false);

/** Bounds from above the steps of a backtracking engine, whatever stands in a text of a given shape. */
export class SearchCost {
	private readonly ranges = new Map<string, Ranges>();
	/** Unions by their parts: a pattern has few sets, but may have them often. */
	private readonly unions = new Map<Ranges, Map<Ranges, Ranges>>();
	private readonly beginnings = new Map<PatternNode, Beginning | undefined>();
	private shape = NO_TEXT;
	private longest: ReadonlyMap<number, number> = new Map();
	/** Within a look-behind, which goes from right to left, nothing is concluded from what comes next. */
	private backward = false;

	constructor(private readonly domain: Domain) {}

	/** Steps to find the first match or that there is none; may be Infinity. */
	stepsToSearch(root: PatternNode, shape: TextShape): number {
		this.prepare(root, shape);
		// What repeats at the end of the pattern is gone through once, for the match.
		return this.search(root) + shape.length;
	}

	/** Steps to decide a pattern at one place. */
	stepsAtPlace(root: PatternNode, shape: TextShape): number {
		this.prepare(root, shape);
		return this.sequence(partsOf(root), END).steps + shape.length;
	}

	private prepare(root: PatternNode, shape: TextShape): void {
		this.shape = shape;
		this.longest = longestCapturesIn(root);
	}

	private search(node: PatternNode): number {
		if (node.kind === 'alternation') {
			return node.options.reduce((sum, option) => sum + this.search(option), 0);
		}
		const { length, lines } = this.shape;
		const parts = partsOf(node);
		const [first, second] = parts;
		if (first !== undefined && second !== undefined && this.areRunStart(first, second)) {
			// Each unit ends one way through a run at most, and each place one through an empty run.
			return 2 * (length + 1) * (2 + this.sequence(parts.slice(2), END).steps);
		}
		const { steps } = this.sequence(parts, END);
		const type = first?.kind === 'assertion' ? first.type : undefined;
		if (type === 'textStart') return length + steps;
		return type === 'lineStart' ? length + lines * steps : (length + 1) * steps;
	}

	/** Whether a search goes into a run at its start only, as {@link searchFromRunStarts} has it, or as in `\b\w+`. */
	private areRunStart(first: PatternNode, second: PatternNode): boolean {
		if (!isRun(second)) return false;
		const before = setNotBefore(first);
		return before !== undefined && this.isWithin(this.unitsOf(second.body), before);
	}

	private isWithin(units: Ranges, set: CharacterSet): boolean {
		return areDisjoint(units, complementIn(this.domain, this.rangesOf(set)));
	}

	private sequence(parts: readonly PatternNode[], follow: Follow): Effort {
		const inOrder = this.backward ? parts.toReversed() : parts;
		return inOrder.reduce<Effort>((before, part, index) => {
			const { ways, steps } = this.effortOf(part, this.followOf(inOrder, index + 1, follow));
			return { ways: before.ways * ways, steps: before.steps + before.ways * steps };
		}, CHOICE);
	}

	private effortOf(node: PatternNode, follow: Follow): Effort {
		switch (node.kind) {
			case 'set':
				return COMPARISON;
			case 'assertion':
				return CHOICE;
			case 'sequence':
			case 'capture':
				return this.sequence(partsOf(node), follow);
			case 'alternation':
				return this.alternation(node.options, follow);
			case 'repeat':
				return node.body.kind === 'set'
					? this.run(node, node.body.set, follow)
					: this.repeat(node, follow);
			case 'look':
				return { ways: 1, steps: this.alone(node.body, node.behind) };
			case 'atomic':
				// What was taken is compared once more.
				return { ways: 1, steps: this.shape.length + this.alone(node.body, this.backward) };
			case 'backReference':
				return {
					ways: 1,
					steps: Math.min(this.shape.length, this.longest.get(node.slot) ?? 0) + 1,
				};
		}
	}

	private alone(body: PatternNode, backward: boolean): number {
		const before = this.backward;
		this.backward = backward;
		const { steps } = this.sequence(partsOf(body), END_OF_LOOK);
		this.backward = before;
		return steps;
	}

	private alternation(options: readonly PatternNode[], follow: Follow): Effort {
		const efforts = options.map((option) => this.effortOf(option, follow));
		const steps = efforts.reduce((sum, effort) => sum + effort.steps, 1);
		if (follow.ends) return { ways: 1, steps };
		const ways = efforts.map((effort) => effort.ways);
		return { ways: this.exclude(options) ? Math.max(...ways) : sumOf(ways), steps };
	}

	/** Whether at most one of the options can take the next unit. */
	private exclude(options: readonly PatternNode[]): boolean {
		if (this.backward) return false;
		let seen: Ranges = [];
		for (const option of options) {
			const units = this.beginningOf(option)?.units;
			if (units === undefined || !areDisjoint(seen, units)) return false;
			seen = this.union(seen, units);
		}
		return true;
	}

	private run({ min, max }: RepeatNode, set: CharacterSet, { first, ends }: Follow): Effort {
		const units = this.rangesOf(set);
		const rounds = Math.min(max, this.reachOf(units));
		if (ends) return { ways: 1, steps: Math.min(min, rounds) + 1 };
		if (first === undefined || !areDisjoint(units, first.units)) {
			return { ways: rounds + 1, steps: rounds + 1 };
		}
		// Only behind the last unit of the run can something else come.
		return { ways: 1, steps: (rounds + 1) * (1 + first.steps) };
	}

	private repeat({ body, min, max }: RepeatNode, follow: Follow): Effort {
		if (max === 0) return CHOICE;
		const again = this.beginningOf(body);
		const round = this.effortOf(body, max === 1 ? follow : this.either(again, follow.first));
		const rounds = Math.min(max, this.reachOf(this.unitsOf(body)) + min + 1);
		if (round.ways > 1) return repeatedEffort(round, rounds);
		const failing = follow.first?.steps ?? 0;
		const leavesOnce =
			again !== undefined &&
			follow.first !== undefined &&
			areDisjoint(again.units, follow.first.units);
		return {
			ways: leavesOnce ? 1 : rounds + 1,
			steps: (rounds + 1) * (round.steps + 1 + failing),
		};
	}

	/** Most units in a row that are all among some. */
	private reachOf(units: Ranges): number {
		const { length, longestLine, longestBlank } = this.shape;
		const most = includes(units, LINE_FEED) ? length : longestLine;
		return this.isWithin(units, SPACE) ? Math.min(most, longestBlank) : most;
	}

	/** All units that a node may take, wherever in it. */
	private unitsOf(node: PatternNode): Ranges {
		if (node.kind === 'set') return this.rangesOf(node.set);
		if (node.kind === 'backReference') return alphabetOf(this.domain);
		return childrenOf(node).reduce<Ranges>(
			(all, child) => this.union(all, this.unitsOf(child)),
			[],
		);
	}

	private either(a: Beginning | undefined, b: Beginning | undefined): Follow {
		if (a === undefined || b === undefined) return UNKNOWN;
		return {
			first: { units: this.union(a.units, b.units), steps: a.steps + b.steps },
			ends: false,
		};
	}

	private followOf(parts: readonly PatternNode[], from: number, behind: Follow): Follow {
		if (this.backward) return UNKNOWN;
		let first = NO_UNIT;
		for (const part of parts.slice(from, from + MAX_FOLLOWING)) {
			const own = part.kind === 'assertion' ? CHOICE_OF_NONE : this.optionalBeginningOf(part);
			if (own === undefined) return UNKNOWN;
			first = { units: this.union(first.units, own.units), steps: first.steps + own.steps };
			if (!isNullable(part)) return { first, ends: false };
		}
		if (from === parts.length) return behind;
		return parts.length > from + MAX_FOLLOWING ? UNKNOWN : this.either(first, behind.first);
	}

	/** The beginning of a part that may also be left out, if that takes no more than a choice. */
	private optionalBeginningOf(part: PatternNode): Beginning | undefined {
		return this.beginningOf(part.kind === 'repeat' ? part.body : part);
	}

	/** How a node begins; undefined when it may match nothing, or when that is not known. */
	private beginningOf(node: PatternNode): Beginning | undefined {
		if (!this.beginnings.has(node)) this.beginnings.set(node, this.findBeginning(node));
		return this.beginnings.get(node);
	}

	private findBeginning(node: PatternNode): Beginning | undefined {
		if (isNullable(node)) return undefined;
		switch (node.kind) {
			case 'set':
				return { units: this.rangesOf(node.set), steps: 1 };
			case 'sequence':
			case 'capture':
				return this.followOf(partsOf(node), 0, UNKNOWN).first;
			case 'repeat':
				return this.beginningOf(node.body);
			case 'alternation':
				return node.options
					.map((option) => this.beginningOf(option))
					.reduce((a, b) => this.either(a, b).first);
			default:
				return undefined;
		}
	}

	private rangesOf(set: CharacterSet): Ranges {
		const key = JSON.stringify(set);
		const known = this.ranges.get(key) ?? rangesOf(set, this.domain);
		this.ranges.set(key, known);
		return known;
	}

	private union(a: Ranges, b: Ranges): Ranges {
		const unions = this.unions.get(a) ?? new Map<Ranges, Ranges>();
		this.unions.set(a, unions);
		const known = unions.get(b) ?? union(a, b);
		unions.set(b, known);
		return known;
	}
}

/** Every way through a round leads to all ways through the rounds behind it. */
function repeatedEffort({ ways, steps }: Effort, rounds: number): Effort {
	const waysBefore = (ways ** rounds - 1) / (ways - 1);
	return { ways: waysBefore + ways ** rounds, steps: waysBefore * (steps + 1) };
}

function sumOf(numbers: readonly number[]): number {
	return numbers.reduce((sum, number) => sum + number, 0);
}
