import { foldCase } from '../sets/case-variants';
import { rangesOf, type Domain } from '../sets/character-sets';
import { includes } from '../sets/ranges';
import {
	categorySet,
	type AssertionNode,
	type CaptureNode,
	type CharacterSet,
	type LookNode,
	type PatternNode,
	type RepeatNode,
} from '../syntax-tree';

/** Goes on matching from a position; whoever returns false has put back everything it changed. */
type Step = (position: number) => boolean;
type UnitTest = (unit: number) => boolean;

/** Where a group was last captured. */
type Span = readonly [start: number, end: number];

/** What a stepwise match found. */
export interface StepwiseMatch {
	readonly index: number;
	readonly end: number;
	/** Spans by slot; slots that took no part are missing. */
	readonly spans: ReadonlyMap<number, Span>;
}

/** A pattern that is matched step by step, exactly as .NET does. */
export interface StepwiseProgram {
	/** Finds the first match that begins at `from` or behind it; `\G` is where the match before ended. */
	exec(text: string, from?: number, searchStart?: number): StepwiseMatch | undefined;
}

const LINE_FEED = 0x0a;
const ASCII = 128;

/**
 * Compiles a pattern into a backtracking matcher of closures, for what neither RE2 nor V8 matches as .NET does:
 * captures that outlive a round, rounds that match nothing, unset and case-blind back-references.
 * Slower than V8 and, like it, without a bound: to be run under a guard.
 * Follows the .NET documentation, "Backtracking in regular expressions" and "Grouping constructs".
 */
export function compileStepwise(root: PatternNode, domain: Domain): StepwiseProgram {
	return new StepwiseCompiler(domain).compile(root);
}

class StepwiseCompiler {
	private text = '';
	private searchStart = 0;
	private spans = new Map<number, Span>();

	constructor(private readonly domain: Domain) {}

	compile(root: PatternNode): StepwiseProgram {
		let end = 0;
		const start = this.step(root, false, (position) => {
			end = position;
			return true;
		});
		return {
			exec: (text, from = 0, searchStart = 0) => {
				this.text = text;
				this.searchStart = searchStart;
				for (let index = from; index <= text.length; index += 1) {
					this.spans = new Map();
					if (start(index)) return { index, end, spans: this.spans };
				}
				return undefined;
			},
		};
	}

	/** The step that matches a node, backward within a look-behind, and then goes on with `next`. */
	private step(node: PatternNode, backward: boolean, next: Step): Step {
		switch (node.kind) {
			case 'set':
				return this.setStep(node.set, backward, next);
			case 'sequence': {
				const items = backward ? node.items : node.items.toReversed();
				return items.reduce((rest, item) => this.step(item, backward, rest), next);
			}
			case 'alternation': {
				const options = node.options.map((option) => this.step(option, backward, next));
				return (position) => options.some((option) => option(position));
			}
			case 'repeat':
				return node.body.kind === 'set'
					? this.runStep(node, node.body.set, backward, next)
					: this.repeatStep(node, backward, next);
			case 'capture':
				return this.captureStep(node, backward, next);
			case 'assertion': {
				const holds = this.assertion(node);
				return (position) => holds(position) && next(position);
			}
			case 'look':
				return this.lookStep(node, next);
			case 'atomic':
				return this.atomicStep(node.body, backward, next);
			case 'backReference':
				return this.referenceStep(node.slot, node.ignoreCase, backward, next);
		}
	}

	private setStep(set: CharacterSet, backward: boolean, next: Step): Step {
		const takes = toUnitTest(set, this.domain);
		return backward
			? (position) =>
					position > 0 && takes(this.text.charCodeAt(position - 1)) && next(position - 1)
			: (position) =>
					position < this.text.length &&
					takes(this.text.charCodeAt(position)) &&
					next(position + 1);
	}

	/** A repeat of single units needs no recursion: how far it reaches is counted first. */
	private runStep(
		{ min, max, lazy }: RepeatNode,
		set: CharacterSet,
		backward: boolean,
		next: Step,
	): Step {
		const takes = toUnitTest(set, this.domain);
		const at = (position: number, count: number) => position + (backward ? -count : count);
		const reach = (position: number, most: number) => {
			const room = Math.min(most, backward ? position : this.text.length - position);
			let count = 0;
			const shift = backward ? -1 : 0;
			while (count < room && takes(this.text.charCodeAt(at(position, count) + shift))) count += 1;
			return count;
		};
		if (!lazy) {
			return (position) => {
				for (let count = reach(position, max); count >= min; count -= 1) {
					if (next(at(position, count))) return true;
				}
				return false;
			};
		}
		return (position) => {
			let count = reach(position, min);
			if (count < min) return false;
			while (!next(at(position, count))) {
				if (count === max || reach(at(position, count), 1) === 0) return false;
				count += 1;
			}
			return true;
		};
	}

	/** A round that matched nothing ends a repeat once `min` is reached. */
	private repeatStep({ body, min, max, lazy }: RepeatNode, backward: boolean, next: Step): Step {
		let count = 0;
		let roundStart = -1;
		const round: Step = (position) => {
			const [countBefore, startBefore] = [count, roundStart];
			count += 1;
			roundStart = position;
			if (bodyStep(position)) return true;
			[count, roundStart] = [countBefore, startBefore];
			return false;
		};
		const leave: Step = (position) => {
			const [countBefore, startBefore] = [count, roundStart];
			if (next(position)) return true;
			[count, roundStart] = [countBefore, startBefore];
			return false;
		};
		const decide: Step = (position) => {
			if (count < min) return round(position);
			if (count >= max || position === roundStart) return leave(position);
			return lazy ? leave(position) || round(position) : round(position) || leave(position);
		};
		const bodyStep = this.step(body, backward, decide);
		return (position) => {
			const [countBefore, startBefore] = [count, roundStart];
			count = 0;
			roundStart = -1;
			if (decide(position)) return true;
			[count, roundStart] = [countBefore, startBefore];
			return false;
		};
	}

	private captureStep({ body, slot }: CaptureNode, backward: boolean, next: Step): Step {
		const starts: number[] = [];
		const bodyStep = this.step(body, backward, (position) => {
			const start = starts.pop() ?? position;
			const before = this.spans.get(slot);
			this.spans.set(slot, [Math.min(start, position), Math.max(start, position)]);
			if (next(position)) return true;
			if (before === undefined) this.spans.delete(slot);
			else this.spans.set(slot, before);
			starts.push(start);
			return false;
		});
		return (position) => {
			starts.push(position);
			if (bodyStep(position)) return true;
			starts.pop();
			return false;
		};
	}

	/** Runs a body on its own; what it captured stays, unless the caller takes it back. */
	private alone(body: PatternNode, backward: boolean): (position: number) => number | undefined {
		let end = 0;
		const bodyStep = this.step(body, backward, (position) => {
			end = position;
			return true;
		});
		return (position) => (bodyStep(position) ? end : undefined);
	}

	private lookStep({ body, behind, negative }: LookNode, next: Step): Step {
		const find = this.alone(body, behind);
		return (position) => {
			const before = new Map(this.spans);
			const found = find(position) !== undefined;
			if (negative && found) this.spans = before;
			if (found === negative) return false;
			if (next(position)) return true;
			this.spans = before;
			return false;
		};
	}

	private atomicStep(body: PatternNode, backward: boolean, next: Step): Step {
		const find = this.alone(body, backward);
		return (position) => {
			const before = new Map(this.spans);
			const end = find(position);
			if (end === undefined) return false;
			if (next(end)) return true;
			this.spans = before;
			return false;
		};
	}

	private referenceStep(slot: number, ignoreCase: boolean, backward: boolean, next: Step): Step {
		const fold = ignoreCase ? foldCase : (unit: number) => unit;
		return (position) => {
			const span = this.spans.get(slot);
			if (span === undefined) return false;
			const length = span[1] - span[0];
			const from = backward ? position - length : position;
			if (from < 0 || from + length > this.text.length) return false;
			for (let offset = 0; offset < length; offset += 1) {
				const captured = this.text.charCodeAt(span[0] + offset);
				if (fold(captured) !== fold(this.text.charCodeAt(from + offset))) return false;
			}
			return next(backward ? from : from + length);
		};
	}

	private assertion({ type, ofSearch }: AssertionNode): (position: number) => boolean {
		const isLineFeed = (position: number) => this.text.charCodeAt(position) === LINE_FEED;
		if (ofSearch === true) return (position) => position === this.searchStart;
		switch (type) {
			case 'textStart':
				return (position) => position === 0;
			case 'textEnd':
				return (position) => position === this.text.length;
			case 'lineStart':
				return (position) => position === 0 || isLineFeed(position - 1);
			case 'lineEnd':
				return (position) => position === this.text.length || isLineFeed(position);
			case 'finalLine':
				return (position) =>
					position === this.text.length ||
					(position === this.text.length - 1 && isLineFeed(position));
			case 'boundary':
			case 'notBoundary': {
				const isWord = toUnitTest(categorySet('boundaryWord', false), this.domain);
				const isBoundary = (position: number) =>
					isWord(this.text.charCodeAt(position - 1)) !== isWord(this.text.charCodeAt(position));
				return type === 'boundary' ? isBoundary : (position) => !isBoundary(position);
			}
		}
	}
}

/** A quick test of membership; what `charCodeAt` gives outside the text, NaN, is in no set. */
function toUnitTest(set: CharacterSet, domain: Domain): UnitTest {
	const ranges = rangesOf(set, domain);
	const small = Array.from({ length: ASCII }, (_, unit) => includes(ranges, unit));
	return (unit) => small[unit] ?? includes(ranges, unit);
}
