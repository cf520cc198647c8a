import { childrenOf, type PatternNode, type RepeatNode } from '../syntax-tree';

/** So many units V8 looks ahead when it compiles a search (its Boyer-Moore tables). */
const DEPTH = 8;

/** How many paths through a node take 0, 1, 2 ... units; the last number is for all that take `DEPTH` or more. */
type PathCounts = readonly number[];

const NO_UNIT: PathCounts = [1, ...Array.from({ length: DEPTH }, () => 0)];
const ONE_UNIT: PathCounts = [0, 1, ...Array.from({ length: DEPTH - 1 }, () => 0)];
const ALL_UNITS: PathCounts = [...Array.from({ length: DEPTH }, () => 0), 1];

/**
 * Counts the paths that V8 follows when it compiles a pattern: from any place in it, up to eight units on.
 * Nothing can interrupt that compilation: `a?` forty times before `a` forty times takes V8 seconds, eighty times hours.
 */
export function lookaheadPathsOf(root: PatternNode): number {
	const largest = { paths: 0 };
	countPaths(root, largest);
	return largest.paths;
}

function countPaths(node: PatternNode, largest: { paths: number }): PathCounts {
	const beneath = childrenOf(node).map((child) => countPaths(child, largest));
	const counts = joinPaths(node, beneath, largest);
	largest.paths = Math.max(largest.paths, totalOf(counts));
	return counts;
}

function joinPaths(
	node: PatternNode,
	beneath: readonly PathCounts[],
	largest: { paths: number },
): PathCounts {
	const [body = NO_UNIT] = beneath;
	switch (node.kind) {
		case 'set':
			return ONE_UNIT;
		case 'sequence':
			// From the right, since a search may begin at any of the items.
			return beneath.reduceRight((rest, item) => {
				const counts = inSequence(item, rest);
				largest.paths = Math.max(largest.paths, totalOf(counts));
				return counts;
			}, NO_UNIT);
		case 'alternation':
			return beneath.reduce(either);
		case 'repeat':
			return repeatPaths(node, body);
		case 'capture':
		case 'atomic':
			return body;
		case 'backReference':
			return ALL_UNITS;
		default:
			return NO_UNIT;
	}
}

function repeatPaths({ min, max }: RepeatNode, body: PathCounts): PathCounts {
	// A round takes something, or it is the last one: more than DEPTH rounds lead no further.
	const rounds = Math.min(max, DEPTH);
	let counts = NO_UNIT;
	for (let round = rounds; round > 0; round -= 1) {
		const once = inSequence(body, counts);
		counts = round > min ? either(once, NO_UNIT) : once;
	}
	return counts;
}

function either(a: PathCounts, b: PathCounts): PathCounts {
	return a.map((count, units) => count + (b[units] ?? 0));
}

function inSequence(first: PathCounts, second: PathCounts): PathCounts {
	const counts = Array.from({ length: DEPTH + 1 }, () => 0);
	for (const [units, paths] of first.entries()) {
		if (paths === 0) continue;
		// A path that is long enough is not followed into what comes next.
		if (units === DEPTH) counts[DEPTH] = (counts[DEPTH] ?? 0) + paths;
		else {
			for (const [more, others] of second.entries()) {
				const sum = Math.min(DEPTH, units + more);
				counts[sum] = (counts[sum] ?? 0) + paths * others;
			}
		}
	}
	return counts;
}

function totalOf(counts: PathCounts): number {
	return counts.reduce((sum, count) => sum + count, 0);
}
