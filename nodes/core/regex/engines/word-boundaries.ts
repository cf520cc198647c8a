import { rangesOf, type Domain } from '../sets/character-sets';
import { areDisjoint } from '../sets/ranges';
import { categorySet, partsOf, type CharacterSet, type PatternNode } from '../syntax-tree';

const WORD = categorySet('boundaryWord', false);
const NO_WORD = categorySet('boundaryWord', true);

/**
 * Writes `\b` beside a part of a word as a look-around to its other side only, as in `\bword\b`: V8 has no `\b` for
 * texts beyond ASCII, and looking to both sides at each place of a text takes it long.
 */
export function simplifyBoundaries(node: PatternNode, domain: Domain): PatternNode {
	switch (node.kind) {
		case 'sequence':
			return { ...node, items: simplifyItems(node.items, domain) };
		case 'alternation':
			return { ...node, options: node.options.map((option) => simplifyBoundaries(option, domain)) };
		case 'capture':
			return { ...node, body: simplifyBoundaries(node.body, domain) };
		default:
			return node;
	}
}

function simplifyItems(items: readonly PatternNode[], domain: Domain): PatternNode[] {
	return items.map((item, index) => {
		if (item.kind !== 'assertion' || item.type !== 'boundary')
			return simplifyBoundaries(item, domain);
		if (isOfWord(edgeOf(items[index + 1], 0), domain)) return noWord(true);
		return isOfWord(edgeOf(items[index - 1], -1), domain) ? noWord(false) : item;
	});
}

function noWord(behind: boolean): PatternNode {
	return { kind: 'look', behind, negative: true, body: { kind: 'set', set: WORD } };
}

/** The sets of which one takes the first (0) or last (-1) unit of a node; undefined when it may have none. */
function edgeOf(node: PatternNode | undefined, end: 0 | -1): readonly CharacterSet[] | undefined {
	switch (node?.kind) {
		case 'set':
			return [node.set];
		case 'repeat':
			return node.min > 0 ? edgeOf(node.body, end) : undefined;
		case 'capture':
		case 'sequence':
			return edgeOf(partsOf(node).at(end), end);
		case 'alternation':
			return node.options
				.map((option) => edgeOf(option, end))
				.reduce((all, sets) => all && sets && [...all, ...sets]);
		default:
			return undefined;
	}
}

function isOfWord(sets: readonly CharacterSet[] | undefined, domain: Domain): boolean {
	if (sets === undefined) return false;
	const outside = rangesOf(NO_WORD, domain);
	return sets.every((set) => areDisjoint(rangesOf(set, domain), outside));
}
