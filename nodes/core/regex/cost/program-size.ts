import type { PatternNode } from '../syntax-tree';

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
