import type { Domain } from './character-sets';
import { printJavaScript } from './print-javascript';
import { effortOf } from './program-size';
import type { PatternNode } from './syntax-tree';

/** What every match of a pattern begins with, and what comes behind it. */
export interface SearchPrefix {
	/** Units and assertions, one way through each. */
	readonly items: readonly PatternNode[];
	readonly rest: PatternNode;
}

/** A comparison costs V8 a fraction of what a choice costs it. */
const COMPARISON_STEPS = 0.25;

/** Splits a pattern after its leading units and assertions; undefined when it has no leading unit. */
export function toSearchPrefix(root: PatternNode): SearchPrefix | undefined {
	if (root.kind !== 'sequence') return undefined;
	const end = root.items.findIndex(({ kind }) => kind !== 'set' && kind !== 'assertion');
	const items = end === -1 ? root.items : root.items.slice(0, end);
	if (!items.some(({ kind }) => kind === 'set')) return undefined;
	return { items, rest: { kind: 'sequence', items: root.items.slice(items.length) } };
}

/**
 * Makes a test whether V8 surely decides a pattern on a text within a number of steps: in an ordinary text the
 * beginning of a pattern stands at few places, and only there the rest of it costs anything.
 */
export function createPrefixTest(
	{ items, rest }: SearchPrefix,
	domain: Domain,
	steps: number,
): (text: string) => boolean {
	const { source } = printJavaScript({ kind: 'sequence', items }, domain);
	const expression = new RegExp(source, 'g');
	return (text) => {
		// Matches do not overlap, while the places where the prefix stands may: hence its length as a factor.
		const effort = items.length * effortOf(rest, text.length).steps;
		const places = (steps - text.length * items.length * COMPARISON_STEPS) / effort;
		if (places < 1) return false;
		expression.lastIndex = 0;
		for (let found = 0; expression.test(text); found += 1) {
			if (found >= places) return false;
		}
		return true;
	};
}
