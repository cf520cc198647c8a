/**
 * The syntax tree of a .NET pattern. Options are resolved: a node says what it matches,
 * whatever `(?i)`, `(?m)`, `(?s)`, `(?n)` or `(?x)` stood before it.
 */

export interface UnitRange {
	readonly from: number;
	readonly to: number;
	/** Whether it stands for the variants of case of its units, too. */
	readonly ignoreCase?: boolean;
}

/** What a character class may list: a range of UTF-16 units, or a Unicode category. */
export type SetItem = UnitRange | { readonly category: string; readonly negated: boolean };

/** A set of UTF-16 units: the listed ones, or with `negated` all others, less those in `except`. */
export interface CharacterSet {
	readonly items: readonly SetItem[];
	readonly negated?: boolean;
	readonly except?: CharacterSet;
}

/**
 * Assertions without a body. `finalLine` is `$` without Multiline: the end, or before one final `\n`; `searchStart` is
 * `\G`: the start of the text in a first search, in a later one where the match before ended.
 */
export type AssertionType =
	| 'textStart'
	| 'searchStart'
	| 'lineStart'
	| 'textEnd'
	| 'finalLine'
	| 'lineEnd'
	| 'boundary'
	| 'notBoundary';

/** `min` to `max` times; `max` may be Infinity. */
export interface RepeatNode {
	readonly kind: 'repeat';
	readonly body: PatternNode;
	readonly min: number;
	readonly max: number;
	readonly lazy: boolean;
}

export interface LookNode {
	readonly kind: 'look';
	readonly behind: boolean;
	readonly negative: boolean;
	readonly body: PatternNode;
}

/** A group that captures into a slot, takes the last capture of another one away (`(?<-name>...)`), or both. */
export interface CaptureNode {
	readonly kind: 'capture';
	readonly slot?: number;
	/** The slot that loses its last capture: a balancing group. */
	readonly popped?: number;
	readonly body: PatternNode;
}

/** `(?(test)yes|no)`: the test is whether a slot is captured, or whether something stands here. */
export interface ConditionNode {
	readonly kind: 'condition';
	readonly test: number | PatternNode;
	readonly yes: PatternNode;
	readonly no: PatternNode;
}

export interface ReferenceNode {
	readonly kind: 'backReference';
	readonly slot: number;
	readonly ignoreCase: boolean;
}

export type PatternNode =
	| { readonly kind: 'set'; readonly set: CharacterSet }
	| { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
	| { readonly kind: 'alternation'; readonly options: readonly PatternNode[] }
	| RepeatNode
	| CaptureNode
	| { readonly kind: 'assertion'; readonly type: AssertionType }
	| LookNode
	| { readonly kind: 'atomic'; readonly body: PatternNode }
	| ConditionNode
	| ReferenceNode;

/** What a parsed pattern consists of. */
export interface PatternTree {
	readonly root: PatternNode;
	/** What a slot (group number) is called in a match: its name, or its number. */
	readonly slotKeys: ReadonlyMap<number, string>;
	/** Named groups in the order of their numbers. */
	readonly groupNames: readonly string[];
	readonly mentionsCarriageReturn: boolean;
}

/** The nodes directly beneath a node. */
export function childrenOf(node: PatternNode): readonly PatternNode[] {
	switch (node.kind) {
		case 'sequence':
			return node.items;
		case 'alternation':
			return node.options;
		case 'repeat':
		case 'capture':
		case 'look':
		case 'atomic':
			return [node.body];
		case 'condition':
			return [...(typeof node.test === 'number' ? [] : [node.test]), node.yes, node.no];
		default:
			return [];
	}
}

/** The parts of a node in the order of matching, its captures opened up; nothing inside a repeat is. */
export function partsOf(node: PatternNode): PatternNode[] {
	if (node.kind === 'capture') return partsOf(node.body);
	return node.kind === 'sequence' ? node.items.flatMap(partsOf) : [node];
}

/** Whether a node or any node beneath it fulfils a condition. */
export function someNode(node: PatternNode, is: (node: PatternNode) => boolean): boolean {
	return is(node) || childrenOf(node).some((child) => someNode(child, is));
}

/** About how many instructions a node takes with all its repeats written out. */
export function sizeOf(node: PatternNode): number {
	const beneath = childrenOf(node).reduce((sum, child) => sum + sizeOf(child) + 1, 1);
	if (node.kind !== 'repeat' || node.body.kind === 'set') return beneath;
	return beneath * Math.max(1, node.max === Infinity ? node.min + 1 : node.max);
}

/** Whether a node may match without taking a unit. */
export function mayBeEmpty(node: PatternNode): boolean {
	switch (node.kind) {
		case 'set':
			return false;
		case 'repeat':
			return node.min === 0 || mayBeEmpty(node.body);
		case 'alternation':
			return node.options.some(mayBeEmpty);
		case 'condition':
			return mayBeEmpty(node.yes) || mayBeEmpty(node.no);
		case 'sequence':
		case 'capture':
		case 'atomic':
			return childrenOf(node).every(mayBeEmpty);
		default:
			return true;
	}
}

export function toSet(items: readonly SetItem[]): PatternNode {
	return { kind: 'set', set: { items } };
}

/** The one unit that a node takes, where it is written as one. */
export function singleUnitOf(node: PatternNode): number | undefined {
	if (node.kind !== 'set' || node.set.negated === true || node.set.except !== undefined)
		return undefined;
	const [item, ...others] = node.set.items;
	if (item === undefined || others.length > 0 || !('from' in item)) return undefined;
	return item.from === item.to && item.ignoreCase !== true ? item.from : undefined;
}

/** Alternatives as one node: a set where each of them is one. */
export function toAlternation(options: readonly PatternNode[]): PatternNode {
	const [only, ...others] = options;
	if (only !== undefined && others.length === 0) return only;
	const items = options.flatMap((option) =>
		option.kind === 'set' && option.set.negated !== true && option.set.except === undefined
			? [option.set.items]
			: [],
	);
	return items.length === options.length ? toSet(items.flat()) : { kind: 'alternation', options };
}
