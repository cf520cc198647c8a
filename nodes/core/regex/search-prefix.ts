import { singleUnitOf, type Domain } from './character-sets';
import { printJavaScript } from './print-javascript';
import { partsOf, type PatternNode } from './syntax-tree';

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
