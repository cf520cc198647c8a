/**
 * The syntax tree of a .NET pattern. Options are resolved: a node says what it matches,
 * whatever `(?i)`, `(?m)`, `(?s)`, `(?n)` or `(?x)` stood before it.
 */

/** What a character class may list: a range of UTF-16 units, or a Unicode category. */
export type SetItem =
	| { readonly from: number; readonly to: number }
	| { readonly category: string; readonly negated: boolean };

/** A set of UTF-16 units: the listed ones, or with `negated` all others, less those in `except`. */
export interface CharacterSet {
	readonly items: readonly SetItem[];
	readonly negated: boolean;
	readonly ignoreCase: boolean;
	readonly except?: CharacterSet;
}

/** Assertions without a body; `finalLine` is `$` without Multiline: the end, or before one final `\n`. */
export type AssertionType =
	'textStart' | 'lineStart' | 'textEnd' | 'finalLine' | 'lineEnd' | 'boundary' | 'notBoundary';

export interface AssertionNode {
	readonly kind: 'assertion';
	readonly type: AssertionType;
	/** `\G`: as the type says in a first search, in a later one where the match before ended. */
	readonly ofSearch?: true;
}

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
	| AssertionNode
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
		case 'condition':
			return isNullable(node.yes) || isNullable(node.no);
		default:
			return true;
	}
}

/** About how many instructions a node takes with all its repeats written out. */
export function sizeOf(node: PatternNode): number {
	const beneath = childrenOf(node).reduce((sum, child) => sum + sizeOf(child) + 1, 1);
	if (node.kind !== 'repeat' || node.body.kind === 'set') return beneath;
	return beneath * Math.max(1, node.max === Infinity ? node.min + 1 : node.max);
}

/** Most units that a node takes; Infinity where the pattern sets no bound. */
export function longestOf(node: PatternNode): number {
	switch (node.kind) {
		case 'set':
			return 1;
		case 'sequence':
			return node.items.reduce((sum, item) => sum + longestOf(item), 0);
		case 'alternation':
			return Math.max(...node.options.map(longestOf));
		case 'condition':
			return Math.max(longestOf(node.yes), longestOf(node.no));
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

/** The set of one UTF-16 unit; half a character has no case. */
export function unitSet(unit: number, ignoreCase: boolean): CharacterSet {
	const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
	return {
		items: [{ from: unit, to: unit }],
		negated: false,
		ignoreCase: ignoreCase && !isSurrogate,
	};
}

/** The set of a category such as `Lu`, `IsGreek`, `word`, `digit` or `space`. */
export function categorySet(category: string, negated: boolean): CharacterSet {
	return { items: [{ category, negated }], negated: false, ignoreCase: false };
}
