import type { UnitSet, UnitSets } from '../sets/unit-set';
import { dependsOnCaptures, partsOf, setOf, someNode, type PatternNode } from '../syntax-tree';

/** What can be said of the place of a match before it is tried for. */
export interface SearchPlan {
	/** It begins at the start of the text or of a line. */
	readonly anchor: 'textStart' | 'lineStart' | undefined;
	/** The text that it begins with. */
	readonly prefix: string;
	/** The longest text that it contains besides. */
	readonly needle: string;
	/** The units that it may begin with, where they are known and there must be one. */
	readonly first: UnitSet | undefined;
	/** It begins with a run of these, so that it does not begin behind one. */
	readonly run: UnitSet | undefined;
	/** The text that follows that run. */
	readonly follower: string;
}

/** Finds that out; `first` are the units that a match may begin with, where it is known and there must be one. */
export function planSearch(
	root: PatternNode,
	first: UnitSet | undefined,
	sets: UnitSets,
): SearchPlan {
	const parts = partsOf(root);
	const [prefix = '', ...others] = literalsOf(parts);
	const needle = others.reduce((one, other) => (other.length > one.length ? other : one), '');
	const run = leadingRunOf(root, sets);
	const [follower = ''] = run === undefined ? [] : literalsOf(parts.slice(1));
	return { anchor: anchorOf(parts[0]), prefix, needle, first, run, follower };
}

function anchorOf(first: PatternNode | undefined): SearchPlan['anchor'] {
	const type = first?.kind === 'assertion' ? first.type : undefined;
	return type === 'textStart' || type === 'lineStart' ? type : undefined;
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
function leadingRunOf(root: PatternNode, sets: UnitSets): UnitSet | undefined {
	const [run, ...others] = partsOf(root);
	if (run?.kind !== 'repeat' || run.max < Infinity || others.length === 0) return undefined;
	return someNode(root, dependsOnCaptures) ? undefined : setOf(run.body, sets);
}
