import { caseVariantsOf } from './case-variants';
import { rangesOfCategory } from './categories';
import { complement, includes, subtract, toRanges, pairsOf, type Ranges } from './ranges';
import { someNode, type CharacterSet, type PatternNode, type SetItem } from '../syntax-tree';

/** The units that a text may have: a pattern has small programs for the first two, and a large one for all texts. */
export type Domain = 'ascii' | 'common' | 'unicode';

const LAST_ASCII = 0x7f;
const LAST_UNIT = 0xffff;
/**
 * What most mails have, chosen so that `\w` has few ranges there: Latin, Greek and Cyrillic letters, Chinese, Japanese
 * and Korean ones, punctuation, currencies, symbols and, in surrogates, emoji.
 */
const COMMON: Ranges = [
	...[0, 0x2af, 0x300, 0x36f, 0x386, 0x386, 0x388, 0x38a, 0x38c, 0x38c, 0x38e, 0x3a1],
	...[0x3a3, 0x3f5, 0x3f7, 0x481, 0x48a, 0x52f, 0x1e00, 0x1eff, 0x2000, 0x206f, 0x20a0, 0x20cf],
	...[0x2190, 0x2bff, 0x3000, 0x3003, 0x3008, 0x3020, 0x3041, 0x3096, 0x309d, 0x309f],
	...[0x30a1, 0x30ff, 0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xac00, 0xd7a3, 0xd800, 0xdfff],
	...[0xfe00, 0xfe0f, 0xfeff, 0xfeff, 0xff01, 0xff0f, 0xff1a, 0xff20, 0xfffd, 0xfffd],
];
const ALPHABETS: Readonly<Record<Domain, Ranges>> = {
	ascii: [0, LAST_ASCII],
	common: COMMON,
	unicode: [0, LAST_UNIT],
};
export const FIRST_SURROGATE = 0xd800;
export const FIRST_LOW_SURROGATE = 0xdc00;
export const LAST_SURROGATE = 0xdfff;

/** All units of a domain. */
export function alphabetOf(domain: Domain): Ranges {
	return ALPHABETS[domain];
}

/** The units of a domain that are not in the ranges. */
export function complementIn(domain: Domain, ranges: Ranges): Ranges {
	return subtract(ALPHABETS[domain], ranges, LAST_UNIT);
}

/** The units of a domain that a set takes. */
export function rangesOf(set: CharacterSet, domain: Domain): Ranges {
	if (domain === 'ascii') return rangesUpTo(set, LAST_ASCII);
	const ranges = rangesUpTo(set, LAST_UNIT);
	if (domain === 'unicode') return ranges;
	return subtract(ranges, complementIn('unicode', ALPHABETS[domain]), LAST_UNIT);
}

function rangesUpTo(set: CharacterSet, limit: number): Ranges {
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
	return set.except === undefined ? taken : subtract(taken, rangesUpTo(set.except, limit), limit);
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

/** Whether the program of a pattern for all texts is as small as the one for ASCII texts. */
export function isAlikeInDomains(root: PatternNode): boolean {
	return !someNode(root, (node) =>
		node.kind === 'assertion'
			? node.type === 'boundary' || node.type === 'notBoundary'
			: node.kind === 'set' && hasCategories(node.set),
	);
}

function hasCategories(set: CharacterSet): boolean {
	const { items, ignoreCase, except } = set;
	// Case adds letters of other alphabets.
	if (ignoreCase || items.some((item) => 'category' in item)) return true;
	return except !== undefined && hasCategories(except);
}
