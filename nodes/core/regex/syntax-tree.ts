/**
 * The syntax tree of a .NET pattern. Options are resolved: a node says what it matches,
 * whatever `(?i)`, `(?m)`, `(?s)`, `(?n)` or `(?x)` stood before it.
 */
import type { UnitSet, UnitSets } from './sets/unit-set';

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
	readonly slot: number | undefined;
	/** The slot that loses its last capture: a balancing group. */
	readonly popped: number | undefined;
	readonly body: PatternNode;
}

/** `(?(test)yes|no)`: the test is whether a slot is captured, or whether something stands here. */
export interface ConditionNode {
	readonly kind: 'condition';
	readonly test: number | PatternNode;
	readonly yes: PatternNode;
	readonly no: PatternNode;
}

export type PatternNode =
	/** Units one after the other; never none. */
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'set'; readonly set: UnitSet }
	| { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
	| { readonly kind: 'alternation'; readonly items: readonly PatternNode[] }
	| RepeatNode
	| CaptureNode
	| { readonly kind: 'assertion'; readonly type: AssertionType }
	| LookNode
	| { readonly kind: 'atomic'; readonly body: PatternNode }
	| ConditionNode
	| { readonly kind: 'backReference'; readonly slot: number; readonly ignoreCase: boolean };

/** What a parsed pattern consists of. */
export interface PatternTree {
	readonly root: PatternNode;
	/** What a slot (group number) is called in a match: its name, or its number. Names follow in the order of their slots. */
	readonly slotKeys: ReadonlyMap<number, string>;
	readonly mentionsCarriageReturn: boolean;
}

/** The nodes directly beneath a node. */
export function childrenOf(node: PatternNode): readonly PatternNode[] {
	if ('items' in node) return node.items;
	if ('body' in node) return [node.body];
	if (node.kind !== 'condition') return [];
	return typeof node.test === 'number' ? [node.yes, node.no] : [node.test, node.yes, node.no];
}

/** The parts of a node in the order of matching, its captures opened up; nothing inside a repeat is. */
export function partsOf(node: PatternNode, parts: PatternNode[] = []): PatternNode[] {
	if (node.kind !== 'capture' && node.kind !== 'sequence') parts.push(node);
	else for (const child of childrenOf(node)) partsOf(child, parts);
	return parts;
}

/** Whether a node or any node beneath it fulfils a condition. */
export function someNode(node: PatternNode, is: (node: PatternNode) => boolean): boolean {
	return is(node) || childrenOf(node).some((child) => someNode(child, is));
}

/** Whether a node asks what a group has captured. */
export function asksForCapture(node: PatternNode): boolean {
	return (
		node.kind === 'backReference' || (node.kind === 'condition' && typeof node.test === 'number')
	);
}

/** Whether a node depends on what a group has captured: it asks, or takes a capture away. */
export function dependsOnCaptures(node: PatternNode): boolean {
	return asksForCapture(node) || (node.kind === 'capture' && node.popped !== undefined);
}

/** The set of a node that takes one unit. */
export function setOf(node: PatternNode, sets: UnitSets): UnitSet | undefined {
	if (node.kind === 'set') return node.set;
	return node.kind === 'text' && node.text.length === 1 ? sets.ofUnit(node.text) : undefined;
}

/** Whether a node may match without taking a unit, as far as can be told. */
export function mayBeEmpty(node: PatternNode): boolean {
	if (node.kind === 'text' || node.kind === 'set') return false;
	if (node.kind === 'repeat') return node.min === 0 || mayBeEmpty(node.body);
	if (node.kind === 'alternation') return node.items.some(mayBeEmpty);
	const takesAllChildren = ['sequence', 'capture', 'atomic'].includes(node.kind);
	return !takesAllChildren || childrenOf(node).every(mayBeEmpty);
}

/** Alternatives as one node: a set where each of them takes one unit. */
export function toAlternation(options: readonly PatternNode[], sets: UnitSets): PatternNode {
	const [only, ...others] = options;
	if (only !== undefined && others.length === 0) return only;
	const taken = options.flatMap((option) => setOf(option, sets) ?? []);
	return taken.length < options.length
		? { kind: 'alternation', items: options }
		: { kind: 'set', set: taken.reduce((all, set) => all.union(set)) };
}

/** Nodes one after the other as one node, texts joined. */
export function toSequence(nodes: readonly PatternNode[]): PatternNode {
	const items: PatternNode[] = [];
	for (const node of nodes) {
		const last = items.at(-1);
		if (node.kind !== 'text' || last?.kind !== 'text') items.push(node);
		else items[items.length - 1] = { kind: 'text', text: last.text + node.text };
	}
	const [only, ...others] = items;
	return only !== undefined && others.length === 0 ? only : { kind: 'sequence', items };
}
