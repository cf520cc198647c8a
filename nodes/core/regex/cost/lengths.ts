import { childrenOf, type PatternNode } from '../syntax-tree';

/** Most units that a node takes; Infinity where the pattern sets no bound. */
export function longestOf(node: PatternNode): number {
	switch (node.kind) {
		case 'set':
			return 1;
		case 'sequence':
			return node.items.reduce((sum, item) => sum + longestOf(item), 0);
		case 'alternation':
			return Math.max(...node.options.map(longestOf));
		case 'repeat': {
			const round = longestOf(node.body);
			return round === 0 || node.max === 0 ? 0 : node.max * round;
		}
		case 'capture':
		case 'atomic':
			return longestOf(node.body);
		case 'backReference':
			return Infinity;
		default:
			return 0;
	}
}

/** Most units that each slot of a pattern captures. */
export function longestCapturesIn(root: PatternNode): ReadonlyMap<number, number> {
	const longest = new Map<number, number>();
	const collect = (node: PatternNode): void => {
		if (node.kind === 'capture') {
			longest.set(node.slot, Math.max(longest.get(node.slot) ?? 0, longestOf(node.body)));
		}
		childrenOf(node).forEach(collect);
	};
	collect(root);
	return longest;
}

/**
 * Bounds the units of a text of some length that V8 may go over again without backtracking: it can be interrupted only
 * where it backtracks, and look-around and atomic groups that succeed go back without. In a repeat, as in
 * `(?:(?=.*a).)*`, that is the square of a text, for which V8 takes minutes whatever its time limit.
 */
export function rewoundUnitsOf(node: PatternNode, length: number): number {
	const beneath = childrenOf(node).reduce((sum, child) => sum + rewoundUnitsOf(child, length), 0);
	switch (node.kind) {
		case 'look':
		case 'atomic':
			return beneath + Math.min(length, longestOf(node.body)) + 1;
		case 'repeat':
			return beneath === 0 ? 0 : beneath * Math.min(node.max, length + node.min + 1);
		default:
			return beneath;
	}
}
