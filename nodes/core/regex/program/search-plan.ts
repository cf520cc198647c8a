import type { Program } from '../engine/machine';
import type { UnitSet, UnitSets } from '../sets/character-sets';
import { longestOf, partsOf, someNode, type PatternNode } from '../syntax-tree';
import { union } from '../sets/ranges';
import { firstOf } from './first-units';

/** What can be said of the place of a match before it is tried for. */
export interface SearchPlan {
	/** It begins at the start of the text, of a line, or where the search begins. */
	readonly anchor: 'textStart' | 'lineStart' | 'searchStart' | undefined;
	/** The text that it begins with. */
	readonly prefix: string;
	/** Texts that it contains besides. */
	readonly needles: readonly string[];
	/** The units that it may begin with: the first, and as many of those behind as are known; none where it may be empty. */
	readonly lead: readonly UnitSet[];
	/** It begins with a run of these, so that it does not begin behind one. */
	readonly run: LeadingRun | undefined;
	/** How far from the end of the text it may begin. */
	readonly fromEnd: number;
}

/** A run without a limit, and the text that follows it. */
export interface LeadingRun {
	readonly set: UnitSet;
	readonly min: number;
	readonly follower: string;
}

/** So many units are enough to be rare. */
const MAX_LEAD = 3;
/** So many texts are looked for before a match is tried. */
const MAX_NEEDLES = 8;
/** The whole of a large alternative is looked at. */
const FAR = 10_000;

export function planSearch(root: PatternNode, program: Program, sets: UnitSets): SearchPlan {
	const [prefix = '', ...needles] = literalsOf(root, sets);
	const first = firstOf(program.start, sets, FAR);
	const lead = leadOf(root, sets);
	return {
		anchor: anchorOf(root),
		prefix,
		needles: [...new Set(needles)].filter((needle) => needle !== '').slice(0, MAX_NEEDLES),
		lead: first === undefined ? [] : [first, ...lead.slice(1)],
		run: leadingRunOf(root, sets),
		fromEnd: longestToEndOf(root),
	};
}

function anchorOf(node: PatternNode): SearchPlan['anchor'] {
	if (node.kind === 'alternation') {
		const [first, ...others] = node.options.map(anchorOf);
		return others.every((other) => other === first) ? first : undefined;
	}
	const [first] = partsOf(node);
	if (first === undefined || first === node) return anchorOfAssertion(node);
	return anchorOf(first);
}

function anchorOfAssertion(node: PatternNode): SearchPlan['anchor'] {
	if (node.kind !== 'assertion') return undefined;
	if (node.ofSearch === true) return 'searchStart';
	return node.type === 'textStart' || node.type === 'lineStart' ? node.type : undefined;
}

/** The text that every match begins with, and those that each has in it. */
function literalsOf(root: PatternNode, sets: UnitSets): readonly string[] {
	const literals = [''];
	for (const part of partsOf(root).filter(({ kind }) => kind !== 'assertion' && kind !== 'look')) {
		const isRepeat = part.kind === 'repeat' && part.min > 0;
		const unit = singleOf(isRepeat ? part.body : part, sets);
		if (unit !== undefined) literals[literals.length - 1] += String.fromCharCode(unit);
		if (unit === undefined || isRepeat) literals.push('');
	}
	return literals;
}

/** The units at the first places of every match, as far as each takes one there. */
function leadOf(node: PatternNode, sets: UnitSets): readonly UnitSet[] {
	if (node.kind === 'alternation') {
		const leads = node.options.map((option) => leadOf(option, sets));
		const length = Math.min(...leads.map((lead) => lead.length));
		return Array.from({ length }, (_, place) =>
			sets.ofRanges(union(leads.map((lead) => lead[place]?.ranges ?? []))),
		);
	}
	const lead: UnitSet[] = [];
	for (const part of node.kind === 'set' ? [node] : partsOf(node)) {
		if (part.kind === 'assertion' || part.kind === 'look') continue;
		const isRepeat = part.kind === 'repeat' && part.min > 0;
		const unit = isRepeat ? part.body : part;
		if (unit.kind !== 'set' || lead.length === MAX_LEAD) break;
		lead.push(sets.of(unit.set));
		if (isRepeat) break;
	}
	return lead;
}

function singleOf(node: PatternNode, sets: UnitSets): number | undefined {
	const single = node.kind === 'set' ? sets.of(node.set).single : -1;
	return single < 0 ? undefined : single;
}

/**
 * A leading `\w+`, `.*` or the like is tried only where its run begins, so that a search does not take time proportional
 * to the square of a run: a match that began within a run would also be found from the unit before. What looks at captures
 * could tell the two apart, and at the end of a pattern the first run that is long enough is the match.
 */
function leadingRunOf(root: PatternNode, sets: UnitSets): LeadingRun | undefined {
	const [first, ...others] = partsOf(root);
	if (first?.kind !== 'repeat' || first.body.kind !== 'set' || first.max !== Infinity)
		return undefined;
	if (others.length === 0 || someNode(root, looksAtCaptures)) return undefined;
	const [follower = ''] = literalsOf({ kind: 'sequence', items: others }, sets);
	return { set: sets.of(first.body.set), min: first.min, follower };
}

function looksAtCaptures(node: PatternNode): boolean {
	return (
		['backReference', 'condition'].includes(node.kind) ||
		(node.kind === 'capture' && node.popped !== undefined)
	);
}

/** How far from the end of a text a match may begin, with the `\n` that may stand there; Infinity if anywhere. */
function longestToEndOf(root: PatternNode): number {
	if (root.kind === 'alternation') return Math.max(...root.options.map(longestToEndOf));
	const last = partsOf(root).at(-1);
	const isEnd =
		last?.kind === 'assertion' && (last.type === 'textEnd' || last.type === 'finalLine');
	return isEnd ? longestOf(root) + 1 : Infinity;
}
