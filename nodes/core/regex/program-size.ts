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
export interface Effort {
	readonly ways: number;
	readonly steps: number;
}

/** A unit compared costs V8 a fraction of what a choice costs it. */
const COMPARISON: Effort = { ways: 1, steps: 0.25 };
const CHOICE: Effort = { ways: 1, steps: 1 };

/**
 * The longest text on which a backtracking engine decides a pattern within a number of steps, whatever the text.
 *
 * @param longest the length at which to stop looking
 */
export function longestTextWithin(node: PatternNode, steps: number, longest: number): number {
	const isWithin = (length: number) => (length + 1) * effortOf(node, length).steps <= steps;
	if (!isWithin(0)) return -1;
	let within = 0;
	let beyond = longest + 1;
	while (within + 1 < beyond) {
		const middle = Math.floor((within + beyond) / 2);
		if (isWithin(middle)) within = middle;
		else beyond = middle;
	}
	return within;
}

/** Upper bounds of both, on a text of a length; they may be Infinity. */
export function effortOf(node: PatternNode, length: number): Effort {
	switch (node.kind) {
		case 'set':
		case 'assertion':
			return COMPARISON;
		case 'sequence':
			return node.items.map((item) => effortOf(item, length)).reduce(inSequence, COMPARISON);
		case 'alternation':
			return node.options
				.map((option) => effortOf(option, length))
				.reduce((a, b) => ({ ways: a.ways + b.ways, steps: a.steps + b.steps }));
		case 'repeat':
			return repeatEffort(effortOf(node.body, length), Math.min(node.max, length + node.min + 1));
		case 'capture':
			return inSequence(CHOICE, effortOf(node.body, length));
		case 'look':
		case 'atomic':
			return { ways: 1, steps: effortOf(node.body, length).steps + 1 };
		case 'backReference':
			return { ways: 1, steps: length + 1 };
	}
}

function inSequence(first: Effort, second: Effort): Effort {
	return { ways: first.ways * second.ways, steps: first.steps + first.ways * second.steps };
}

/** Every way through a round leads to all ways through the rounds behind it. */
function repeatEffort(body: Effort, rounds: number): Effort {
	if (rounds === 0) return CHOICE;
	if (body.ways === 1) return { ways: rounds + 1, steps: rounds * Math.max(1, body.steps) };
	const waysBefore = (body.ways ** rounds - 1) / (body.ways - 1);
	return { ways: waysBefore + body.ways ** rounds, steps: waysBefore * (body.steps + 1) };
}
