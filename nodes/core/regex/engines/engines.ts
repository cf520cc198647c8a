import { RE2JS } from 're2js';
import type { Domain } from '../sets/character-sets';
import { printJavaScript } from './print-javascript';
import { printRe2 } from './print-re2';
import type { ProgramCapture } from './program';
import { compileStepwise } from './stepwise';
import type { PatternNode, PatternTree } from '../syntax-tree';
import type { PatternMatch } from '../pattern';

/**
 * Finds the first match that begins at a position (0 unless given) or behind it; takes as long as it takes.
 * What stands before the position is seen. `\G` is the start of the text but for the stepwise matcher, which is told.
 */
export type Matcher = (
	text: string,
	from?: number,
	searchStart?: number,
) => PatternMatch | undefined;

/** A matcher of RE2JS, whose work is at most proportional to text length times size. */
export interface LinearMatcher {
	readonly match: Matcher;
	/** Number of instructions. */
	readonly size: number;
}

/** A matcher of RE2JS for one kind of text, or undefined where the pattern needs another engine. */
export function createLinearMatcher(tree: PatternTree, domain: Domain): LinearMatcher | undefined {
	const text = printRe2(tree.root, domain);
	if (text === undefined) return undefined;
	const program = RE2JS.compile(text.source);
	const keyed = toKeyedCaptures(text.captures, tree);
	const match: Matcher = (input, from = 0) => {
		// Whether it matches at all is known some twenty times faster than where.
		if (from === 0 && !program.test(input)) return undefined;
		const matcher = program.matcher(input);
		if (!matcher.find(from)) return undefined;
		const cut = text.finalLines.find((number) => matcher.start(number) >= 0);
		const end = cut === undefined ? matcher.end() : matcher.start(cut);
		const index = matcher.start();
		const groups = new Map<string, string>();
		const ends = new Map<string, number>();
		for (const { key, number } of keyed) {
			const start = matcher.start(number);
			const groupEnd = matcher.end(number);
			// RE2 keeps the captures of earlier rounds, as .NET does: the latest is the one that ends last.
			if (start < 0 || groupEnd < (ends.get(key) ?? 0)) continue;
			ends.set(key, groupEnd);
			groups.set(key, input.slice(start, Math.min(groupEnd, end)));
		}
		return { value: input.slice(index, end), index, groups };
	};
	return { match, size: program.programSize() };
}

/** V8's own regular expressions for one kind of text; they may take very long. */
export interface NativeMatcher {
	/** Finds the first match that begins at a position or behind it; 0 unless given. */
	readonly match: (text: string, from?: number) => PatternMatch | undefined;
	/** Finds a match that begins at a position. */
	readonly matchAt: (text: string, position: number) => PatternMatch | undefined;
}

/** A matcher of V8 for one kind of text; `root` is the one of the tree, or one that finds the same. */
export function createNativeMatcher(
	tree: PatternTree,
	root: PatternNode,
	domain: Domain,
	lineFeedsOnly: boolean,
): NativeMatcher {
	const { source, flags, captures } = printJavaScript(root, domain, lineFeedsOnly);
	const keyed = toKeyedCaptures(captures, tree);
	const toMatch = (found: RegExpExecArray | null): PatternMatch | undefined => {
		if (found === null) return undefined;
		const groups = new Map<string, string>();
		for (const { key, number } of keyed) {
			const value = (found as readonly (string | undefined)[])[number];
			if (value !== undefined) groups.set(key, value);
		}
		return { value: found[0], index: found.index, groups };
	};
	// V8 compiles at the first use: within the guard, if there is one.
	let anywhere: RegExp | undefined;
	let sticky: RegExp | undefined;
	return {
		match: (text, from = 0) => {
			anywhere ??= new RegExp(source, `${flags}g`);
			anywhere.lastIndex = from;
			return toMatch(anywhere.exec(text));
		},
		matchAt: (text, position) => {
			sticky ??= new RegExp(source, `${flags}y`);
			sticky.lastIndex = position;
			return toMatch(sticky.exec(text));
		},
	};
}

/** A matcher that goes step by step and does everything that .NET does. */
export function createStepwiseMatcher(tree: PatternTree, domain: Domain): Matcher {
	const program = compileStepwise(tree.root, domain);
	return (input, from, searchStart) => {
		const found = program.exec(input, from, searchStart);
		if (found === undefined) return undefined;
		const groups = new Map<string, string>();
		for (const [slot, [start, end]] of found.spans) {
			const key = tree.slotKeys.get(slot);
			if (key !== undefined) groups.set(key, input.slice(start, end));
		}
		return { value: input.slice(found.index, found.end), index: found.index, groups };
	};
}

/** The captures that have a key, so that of two with one key the later comes later. */
function toKeyedCaptures(captures: readonly ProgramCapture[], tree: PatternTree) {
	return captures
		.map(({ slot, rank }, index) => ({
			key: slot === undefined ? undefined : tree.slotKeys.get(slot),
			number: index + 1,
			rank,
		}))
		.filter((capture): capture is { key: string; number: number; rank: number } => {
			return capture.key !== undefined;
		})
		.toSorted((a, b) => a.rank - b.rank);
}
