import { hasCertainReferences } from './certain-references';
import { childrenOf, slotsIn, someNode, type PatternNode, type RepeatNode } from '../syntax-tree';

/** Whether a node can match without consuming anything. */
export function isNullable(node: PatternNode): boolean {
	switch (node.kind) {
		case 'set':
			return false;
		case 'sequence':
			return node.items.every(isNullable);
		case 'alternation':
			return node.options.some(isNullable);
		case 'repeat':
			return node.min === 0 || isNullable(node.body);
		case 'capture':
		case 'atomic':
			return isNullable(node.body);
		default:
			return true;
	}
}

/**
 * Whether V8 gives the same match and the same captures as .NET for a pattern printed as JavaScript.
 * V8 refuses a round of a repeat that matches nothing, forgets the captures of earlier rounds, takes an unset
 * back-reference as empty and knows no back-reference that ignores case.
 */
export function isExactInJavaScript(root: PatternNode): boolean {
	return (
		!someNode(root, isInexactRepeat) && !hasRepeatedSlotBehind(root) && hasCertainReferences(root)
	);
}

/** Whether a repeat captures in rounds that may match nothing; RE2 counts such rounds differently. */
export function capturesEmptyRounds(root: PatternNode): boolean {
	return someNode(
		root,
		(node) =>
			node.kind === 'repeat' &&
			node.max > 1 &&
			isNullable(node.body) &&
			someNode(node.body, isCapture),
	);
}

/**
 * Whether RE2 may find another match than .NET for a repeat: after a round that matched nothing .NET leaves the repeat
 * at once, RE2 first tries what else a round may match, as in `(?:a|.??)*` on `ab`.
 */
export function countsEmptyRounds({ body, min, max }: RepeatNode): boolean {
	return max > 1 && max > min && isNullable(body) && !triesEmptyLast(body);
}

function isCapture(node: PatternNode): boolean {
	return node.kind === 'capture';
}

function isInexactRepeat(node: PatternNode): boolean {
	if (node.kind !== 'repeat' || node.max === node.min)
		return node.kind === 'repeat' && forgets(node);
	if (isNullable(node.body)) return someNode(node.body, isCapture) || !triesEmptyLast(node.body);
	return forgets(node);
}

/** Whether a capture of an earlier round can outlive a later one, which V8 forgets. */
function forgets({ body, max }: RepeatNode): boolean {
	return max > 1 && someNode(body, isCapture) && !capturesSurely(body);
}

function capturesSurely(node: PatternNode): boolean {
	switch (node.kind) {
		case 'alternation':
			return !node.options.some((option) => someNode(option, isCapture));
		case 'repeat':
			return node.min > 0 ? capturesSurely(node.body) : !someNode(node.body, isCapture);
		case 'look':
			return !node.negative && capturesSurely(node.body);
		default:
			return childrenOf(node).every(capturesSurely);
	}
}

/** Whether, of all ways through a nullable node, the empty one comes last; then refusing it changes nothing. */
function triesEmptyLast(node: PatternNode): boolean {
	if (!isNullable(node)) return true;
	switch (node.kind) {
		case 'sequence':
			return node.items.every(triesEmptyLast);
		case 'alternation':
			return node.options.every(triesEmptyLast) && !node.options.slice(0, -1).some(isNullable);
		case 'repeat':
			return (!node.lazy || node.max === node.min) && triesEmptyLast(node.body);
		case 'atomic':
			return false;
		default:
			return true;
	}
}

/** Whether a slot is captured at two places of one look-behind, which runs from right to left. */
function hasRepeatedSlotBehind(root: PatternNode): boolean {
	return someNode(root, (node) => {
		if (node.kind !== 'look' || !node.behind) return false;
		const slots = slotsIn(node.body);
		return new Set(slots).size < slots.length;
	});
}
