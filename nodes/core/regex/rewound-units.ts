import { longestOf } from './lengths';
import { childrenOf, type PatternNode } from './syntax-tree';

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
