import { singleUnitOf, surrogatesOf } from '../sets/character-sets';
import { isNullable } from './exactness';
import { isSurrogatePair } from './print-re2';
import { someNode, type PatternNode } from '../syntax-tree';

/**
 * Whether it matters to a pattern that .NET counts UTF-16 units and RE2 counts characters, on a text that has
 * characters beyond U+FFFF. It does not where such characters only fall to sets repeated without a limit, as in
 * `.+`, and something else must stand between two of those. In doubt, yes.
 */
export function isUnitSensitive(root: PatternNode): boolean {
	const items = flatten(root);
	return items.some((item) => !isIndifferent(item)) || touches(items);
}

type Item = PatternNode | 'pair';

/** The parts of a pattern in sequence, without the captures around them; a literal pair of surrogates is one part. */
function flatten(node: PatternNode): Item[] {
	if (node.kind === 'capture') return flatten(node.body);
	if (node.kind !== 'sequence') return [node];
	const items = node.items.flatMap(flatten);
	return items.flatMap((item, index): Item[] => {
		if (isPair(item, items[index + 1])) return ['pair'];
		return isPair(items[index - 1], item) ? [] : [item];
	});
}

function isPair(first: Item | undefined, second: Item | undefined): boolean {
	return isSurrogatePair(unitOf(first), unitOf(second));
}

function unitOf(item: Item | undefined): number | undefined {
	return item === undefined || item === 'pair' || item.kind !== 'set'
		? undefined
		: singleUnitOf(item.set);
}

function takesSurrogates(item: Item): boolean {
	if (item === 'pair') return false;
	return someNode(item, (node) => node.kind === 'set' && surrogatesOf(node.set) !== 'none');
}

function isIndifferent(item: Item): boolean {
	if (item === 'pair' || !takesSurrogates(item)) return true;
	switch (item.kind) {
		case 'repeat': {
			const { body, min, max, lazy } = item;
			if (body.kind === 'set') {
				return surrogatesOf(body.set) === 'all' && max === Infinity && min <= (lazy ? 0 : 1);
			}
			const round = flatten(body);
			return round.every(isIndifferent) && !touches([...round, ...round]);
		}
		case 'alternation':
			return item.options.every((option) => !isUnitSensitive(option));
		case 'capture':
		case 'sequence':
			return !isUnitSensitive(item);
		default:
			return false;
	}
}

/** Whether two items that take surrogates have nothing between them that must be something else. */
function touches(items: readonly Item[]): boolean {
	let open = false;
	for (const item of items) {
		if (takesSurrogates(item)) {
			if (open) return true;
			open = true;
		} else if (item === 'pair' || !isNullable(item)) open = false;
	}
	return false;
}
