import { childrenOf, someNode, type PatternNode, type RepeatNode } from './syntax-tree';

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

function isCapture(node: PatternNode): boolean {
	return node.kind === 'capture';
}

function isInexactRepeat(node: PatternNode): boolean {
	if (node.kind !== 'repeat' || node.max === node.min) return node.kind === 'repeat' && forgets(node);
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
	switch (node.kind) {
		case 'sequence':
			return node.items.every(triesEmptyLast);
		case 'alternation':
			return (
				node.options.every(triesEmptyLast) && !node.options.slice(0, -1).some(isNullable)
			);
		case 'repeat':
			return !node.lazy && (node.max === node.min || !isNullable(node.body) || triesEmptyLast(node.body));
		case 'atomic':
			return !isNullable(node);
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

function slotsIn(node: PatternNode): number[] {
	const beneath = childrenOf(node).flatMap(slotsIn);
	return node.kind === 'capture' ? [node.slot, ...beneath] : beneath;
}

/** Whether every back-reference respects case and comes when its only group has surely been captured. */
function hasCertainReferences(root: PatternNode): boolean {
	if (!someNode(root, (node) => node.kind === 'backReference')) return true;
	const slots = slotsIn(root);
	const repeated = new Set(slots.filter((slot, index) => slots.indexOf(slot) !== index));
	return new ReferenceCheck(repeated).after(root, new Set(), false) !== undefined;
}

type Slots = ReadonlySet<number>;

/** Follows a pattern in the order of matching, with the slots that are surely set. */
class ReferenceCheck {
	constructor(private readonly repeated: Slots) {}

	/** The slots surely set behind a node, or undefined when a back-reference in it is not certain. */
	after(node: PatternNode, before: Slots, backward: boolean): Slots | undefined {
		switch (node.kind) {
			case 'backReference':
				return !node.ignoreCase && before.has(node.slot) && !this.repeated.has(node.slot)
					? before
					: undefined;
			case 'sequence':
				return this.afterSequence(node.items, before, backward);
			case 'alternation':
				return this.afterAlternation(node.options, before, backward);
			case 'repeat': {
				const captured = new Set(slotsIn(node.body));
				const entering = new Set([...before].filter((slot) => !captured.has(slot)));
				const after = this.after(node.body, entering, backward);
				return after === undefined || node.min > 0 ? after : entering;
			}
			case 'capture': {
				const after = this.after(node.body, before, backward);
				return after && new Set([...after, node.slot]);
			}
			case 'look': {
				const after = this.after(node.body, before, node.behind);
				return after === undefined || !node.negative ? after : before;
			}
			case 'atomic':
				return this.after(node.body, before, backward);
			default:
				return before;
		}
	}

	private afterSequence(
		items: readonly PatternNode[],
		before: Slots,
		backward: boolean,
	): Slots | undefined {
		const inOrder = backward ? items.toReversed() : items;
		return inOrder.reduce<Slots | undefined>(
			(slots, item) => slots && this.after(item, slots, backward),
			before,
		);
	}

	private afterAlternation(
		options: readonly PatternNode[],
		before: Slots,
		backward: boolean,
	): Slots | undefined {
		const [first, ...others] = options.map((option) => this.after(option, before, backward));
		return others.reduce<Slots | undefined>(
			(common, slots) => common && slots && new Set([...common].filter((slot) => slots.has(slot))),
			first,
		);
	}
}
