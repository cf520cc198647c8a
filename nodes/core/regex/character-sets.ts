import { caseVariantsOf } from './case-variants';
import { rangesOfCategory } from './categories';
import { complement, includes, subtract, toRanges, pairsOf, type Ranges } from './ranges';
import type { CharacterSet, SetItem } from './syntax-tree';

/** The units that a text may have: a pattern has a small program for ASCII texts and a large one for all others. */
export type Domain = 'ascii' | 'unicode';

const LIMITS: Readonly<Record<Domain, number>> = { ascii: 0x7f, unicode: 0xffff };
const LAST_UNIT = 0xffff;
export const FIRST_SURROGATE = 0xd800;
export const FIRST_LOW_SURROGATE = 0xdc00;
export const LAST_SURROGATE = 0xdfff;

/** The largest unit of a domain. */
export function limitOf(domain: Domain): number {
	return LIMITS[domain];
}

/** The units of a domain that a set takes. */
export function rangesOf(set: CharacterSet, domain: Domain): Ranges {
	const limit = LIMITS[domain];
	const written = toRanges(
		set.items.flatMap((item) => ('from' in item ? [[item.from, item.to] as const] : [])),
		LAST_UNIT,
	);
	const listed = toRanges(
		[
			...(set.ignoreCase ? caseVariantsOf(written, limit) : pairsOf(written)),
			...set.items.flatMap((item) => categoryPairs(item, limit)),
		],
		limit,
	);
	const taken = set.negated ? complement(listed, limit) : listed;
	return set.except === undefined ? taken : subtract(taken, rangesOf(set.except, domain), limit);
}

function categoryPairs(item: SetItem, limit: number): (readonly [number, number])[] {
	if ('from' in item) return [];
	const ranges = rangesOfCategory(item.category, limit);
	return [...pairsOf(item.negated ? complement(ranges, limit) : ranges)];
}

/** How a set treats surrogates: takes none, takes every one, or takes some. */
export function surrogatesOf(set: CharacterSet): 'none' | 'all' | 'some' {
	const ranges = rangesOf(set, 'unicode');
	for (const [from, to] of pairsOf(ranges)) {
		if (from <= FIRST_SURROGATE && to >= LAST_SURROGATE) return 'all';
		if (to >= FIRST_SURROGATE && from <= LAST_SURROGATE) return 'some';
	}
	return includes(ranges, FIRST_SURROGATE) ? 'some' : 'none';
}

/** The one unit that a set takes, if it is a set of one written unit. */
export function singleUnitOf(set: CharacterSet): number | undefined {
	const [item, ...rest] = set.items;
	if (item === undefined || rest.length > 0 || !('from' in item) || item.from !== item.to) {
		return undefined;
	}
	return set.negated || set.ignoreCase || set.except !== undefined ? undefined : item.from;
}
