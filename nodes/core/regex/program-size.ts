import type { PatternNode } from './syntax-tree';

/** Number of steps of a program in which every counted repeat is written out; may be Infinity. */
export function expandedSizeOf(node: PatternNode): number {
	switch (node.kind) {
		case 'sequence':
			return node.items.reduce((sum, item) => sum + expandedSizeOf(item), 1);
		case 'alternation':
			return node.options.reduce((sum, option) => sum + expandedSizeOf(option), 1);
		case 'repeat': {
			const rounds = node.max === Infinity ? node.min + 1 : node.max;
			return Math.max(1, rounds) * (expandedSizeOf(node.body) + 1);
		}
		case 'capture':
		case 'look':
		case 'atomic':
			return expandedSizeOf(node.body) + 2;
		default:
			return 1;
	}
}

/** How a backtracking engine fares from one start: the ways through a node, and the steps to try them all. */
interface Effort {
	readonly ways: number;
	readonly steps: number;
}

const ONE_STEP: Effort = { ways: 1, steps: 1 };

/** Upper bound of the steps in which a backtracking engine decides a pattern on a text; may be Infinity. */
export function backtrackingStepsOf(node: PatternNode, textLength: number): number {
	return (textLength + 1) * effortOf(node, textLength).steps;
}

function effortOf(node: PatternNode, length: number): Effort {
	switch (node.kind) {
		case 'sequence':
			return node.items.reduce((before, item) => {
				const effort = effortOf(item, length);
				return {
					ways: before.ways * effort.ways,
					steps: before.steps + before.ways * effort.steps,
				};
			}, ONE_STEP);
		case 'alternation':
			return node.options
				.map((option) => effortOf(option, length))
				.reduce((a, b) => ({ ways: a.ways + b.ways, steps: a.steps + b.steps }));
		case 'repeat':
			return repeatEffort(effortOf(node.body, length), Math.min(node.max, length + node.min + 1));
		case 'capture':
			return effortOf(node.body, length);
		case 'look':
		case 'atomic':
			return { ways: 1, steps: effortOf(node.body, length).steps + 1 };
		case 'backReference':
			return { ways: 1, steps: length + 1 };
		default:
			return ONE_STEP;
	}
}

function repeatEffort(body: Effort, rounds: number): Effort {
	if (body.ways === 1) return { ways: rounds + 1, steps: (rounds + 1) * body.steps };
	const ways = body.ways ** (rounds + 1);
	return { ways, steps: ways * body.steps };
}
