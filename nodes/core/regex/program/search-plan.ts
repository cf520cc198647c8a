import type { UnitSet } from '../sets/unit-set';
import type { UnitSets } from '../sets/unit-sets';
import { partsOf, setOf, someNode, type PatternNode } from '../syntax-tree';

/** What can be said of the place of a match before it is tried for. */
export interface SearchPlan {
	/** It begins at the start of the text, of a line, or where the search begins. */
	readonly anchor: 'textStart' | 'lineStart' | 'searchStart' | undefined;
	/** The text that it begins with. */
	readonly prefix: string;
	/** Texts that it contains besides. */
	readonly needles: readonly string[];
	/** The units that it may begin with, where they are known and there must be one. */
	readonly first: UnitSet | undefined;
	/** It begins with a run of these, so that it does not begin behind one. */
	readonly run: LeadingRun | undefined;
}

/** A run without a limit, and the text that follows it. */
export interface LeadingRun {
	readonly set: UnitSet;
	readonly min: number;
	readonly follower: string;
}

/** So many texts are looked for before a match is tried. */
const MAX_NEEDLES = 8;

/** @param first the units that a match may begin with, where it is known and there must be one */
export function planSearch(
	root: PatternNode,
	first: UnitSet | undefined,
	sets: UnitSets,
): SearchPlan {
	const parts = partsOf(root);
	const [prefix = '', ...needles] = literalsOf(parts);
	return {
		anchor: anchorOf(root),
		prefix,
		needles: [...new Set(needles)].filter((needle) => needle !== '').slice(0, MAX_NEEDLES),
		first,
		run: leadingRunOf(root, sets),
	};
}

function anchorOf(node: PatternNode): SearchPlan['anchor'] {
	if (node.kind === 'alternation') {
		const [first, ...others] = node.options.map(anchorOf);
		return others.every((other) => other === first) ? first : undefined;
	}
	const [first = node] = partsOf(node);
	if (first !== node) return anchorOf(first);
	return first.kind === 'assertion' && isAnchor(first.type) ? first.type : undefined;
}

function isAnchor(type: string): type is NonNullable<SearchPlan['anchor']> {
	return ['textStart', 'lineStart', 'searchStart'].includes(type);
}

/** The text that every match begins with, and those that each has in it. */
function literalsOf(parts: readonly PatternNode[]): readonly string[] {
	const literals = [''];
	for (const part of parts) {
		if (part.kind === 'assertion' || part.kind === 'look') continue;
		const isRepeat = part.kind === 'repeat' && part.min > 0;
		const taken = isRepeat ? part.body : part;
		if (taken.kind === 'text') literals[literals.length - 1] += taken.text;
		if (taken.kind !== 'text' || isRepeat) literals.push('');
	}
	return literals;
}

/**
 * A leading `\w+`, `.*` or the like is tried only where its run begins, so that a search does not take time proportional
 * to the square of a run: a match that began within a run would also be found from the unit before. What looks at captures
 * could tell the two apart, and at the end of a pattern the first run that is long enough is the match.
 */
function leadingRunOf(root: PatternNode, sets: UnitSets): LeadingRun | undefined {
	const [run, ...others] = partsOf(root);
	const set = run?.kind === 'repeat' && run.max === Infinity ? setOf(run.body, sets) : undefined;
	if (run?.kind !== 'repeat' || set === undefined) return undefined;
	if (others.length === 0 || someNode(root, looksAtCaptures)) return undefined;
	const [follower = ''] = literalsOf(others);
	return { set, min: run.min, follower };
}

function looksAtCaptures(node: PatternNode): boolean {
	if (node.kind === 'capture') return node.popped !== undefined;
	return node.kind === 'backReference' || node.kind === 'condition';
}
