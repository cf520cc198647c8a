import {
	categorySet,
	partsOf,
	someNode,
	type CharacterSet,
	type PatternNode,
	type RepeatNode,
} from '../syntax-tree';

const WORD = categorySet('boundaryWord', false);

/**
 * Makes a search try a leading `\w+`, `.*` or the like only where its run begins, so that it does not take time
 * proportional to the square of a run. The first match stays the same: one that began within a run would also be
 * found from the unit before. A back-reference could tell the two apart.
 */
export function searchFromRunStarts(root: PatternNode): PatternNode {
	return someNode(root, ({ kind }) => kind === 'backReference') ? root : fromRunStarts(root);
}

function fromRunStarts(node: PatternNode): PatternNode {
	if (node.kind === 'alternation') {
		return { kind: 'alternation', options: node.options.map(fromRunStarts) };
	}
	const [first, ...others] = partsOf(node);
	// At the end of a pattern the first run that is long enough is the match.
	if (first === undefined || others.length === 0 || !isRun(first)) return node;
	const notWithin = { kind: 'look', behind: true, negative: true, body: first.body } as const;
	return { kind: 'sequence', items: [notWithin, node] };
}

/** Whether a node repeats a set without a limit. */
export function isRun(node: PatternNode): node is RepeatNode {
	return node.kind === 'repeat' && node.body.kind === 'set' && node.max === Infinity;
}

/** What does not stand before a place, if an assertion says so of a set; before a word, `\b` does. */
export function setNotBefore(node: PatternNode): CharacterSet | undefined {
	if (node.kind === 'assertion') return node.type === 'boundary' ? WORD : undefined;
	if (node.kind !== 'look' || !node.behind || !node.negative) return undefined;
	return node.body.kind === 'set' ? node.body.set : undefined;
}
