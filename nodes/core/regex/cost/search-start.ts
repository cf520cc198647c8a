import { singleUnitOf, type Domain } from '../sets/character-sets';
import { longestOf } from './lengths';
import { partsOf, type PatternNode } from '../syntax-tree';
import { printJavaScript } from '../engines/print-javascript';

/** Finds the first place from a position on at which a match may begin, or -1 where there surely is none. */
export type SearchStart = (text: string, from?: number) => number;

/** So many units are enough to be rare, and few enough to be looked for quickly in any text. */
const MAX_PREFIX = 16;

/**
 * What can be said of the place of a match without any engine, for texts of all alphabets: it has the characters that
 * the pattern begins with, and a pattern that ends with the text begins no further from there than it is long.
 */
export function createSearchStart(root: PatternNode): SearchStart {
	const prefix = literalPrefixOf(root);
	const fromEnd = longestToEndOf(root);
	return (text, from = 0) => text.indexOf(prefix, Math.max(from, text.length - fromEnd));
}

/** The characters that a pattern begins with; behind an assertion V8 itself finds them sooner. */
function literalPrefixOf(root: PatternNode): string {
	const units: number[] = [];
	for (const part of partsOf(root)) {
		const unit = part.kind === 'set' ? singleUnitOf(part.set) : undefined;
		if (unit === undefined || units.length === MAX_PREFIX) break;
		units.push(unit);
	}
	return String.fromCharCode(...units);
}

/** How far from the end of a text a match may begin, with the `\n` that may stand there; Infinity if anywhere. */
function longestToEndOf(root: PatternNode): number {
	if (root.kind === 'alternation') return Math.max(...root.options.map(longestToEndOf));
	const last = partsOf(root).at(-1);
	const isEnd =
		last?.kind === 'assertion' && (last.type === 'textEnd' || last.type === 'finalLine');
	return isEnd ? longestOf(root) + 1 : Infinity;
}

/** Finds the next place, from a position on, at which a match may begin; -1 when there is none. */
export type PlaceSearch = (text: string, from: number) => number;

/** So many units are enough to be rare. */
const MAX_UNITS = 16;

/**
 * A search for the units that every match of a pattern begins with, in the time of one comparison each; undefined when
 * the pattern does not begin so. Assertions before and among them are left to the pattern itself.
 */
export function createPlaceSearch(root: PatternNode, domain: Domain): PlaceSearch | undefined {
	const parts = partsOf(root);
	const end = parts.findIndex(({ kind }) => kind !== 'set' && kind !== 'assertion');
	const leading = end === -1 ? parts : parts.slice(0, end);
	const units = leading.filter((part) => part.kind === 'set').slice(0, MAX_UNITS);
	if (units.length === 0) return undefined;
	const literal = units.map(({ set }) => singleUnitOf(set));
	if (literal.every((unit) => unit !== undefined)) {
		const prefix = String.fromCharCode(...literal);
		return (text, from) => text.indexOf(prefix, from);
	}
	const { source } = printJavaScript({ kind: 'sequence', items: units }, domain);
	const expression = new RegExp(source, 'g');
	return (text, from) => {
		expression.lastIndex = from;
		return expression.test(text) ? expression.lastIndex - units.length : -1;
	};
}
