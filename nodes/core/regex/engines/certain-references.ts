import {
	slotsIn,
	someNode,
	type PatternNode,
	type ReferenceNode,
	type RepeatNode,
} from '../syntax-tree';

/** Whether every back-reference respects case and comes when its only group has surely been captured. */
export function hasCertainReferences(root: PatternNode): boolean {
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
				return this.isCertain(node, before) ? before : undefined;
			case 'sequence':
				return this.afterSequence(node.items, before, backward);
			case 'alternation':
				return this.afterAlternation(node.options, before, backward);
			case 'repeat':
				return this.afterRepeat(node, before, backward);
			case 'capture': {
				const after = this.after(node.body, before, backward);
				return after && new Set([...after, node.slot]);
			}
			case 'look': {
				const after = this.after(node.body, before, node.behind);
				return after && (node.negative ? before : after);
			}
			case 'atomic':
				return this.after(node.body, before, backward);
			default:
				return before;
		}
	}

	private isCertain({ slot, ignoreCase }: ReferenceNode, before: Slots): boolean {
		return !ignoreCase && before.has(slot) && !this.repeated.has(slot);
	}

	/** V8 forgets at the start of a round what the round before has captured. */
	private afterRepeat(node: RepeatNode, before: Slots, backward: boolean): Slots | undefined {
		const captured = new Set(slotsIn(node.body));
		const entering = new Set([...before].filter((slot) => !captured.has(slot)));
		const after = this.after(node.body, entering, backward);
		return after === undefined || node.min > 0 ? after : entering;
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
