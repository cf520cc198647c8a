import type { Domain } from '../sets/character-sets';
import { createNativeMatcher, type NativeMatcher } from '../engines/engines';
import type { PatternMatch } from '../pattern';
import { searchFromRunStarts } from './run-starts';
import { SearchCost } from './search-cost';
import { createPlaceSearch, type PlaceSearch } from './search-start';
import type { PatternNode, PatternTree } from '../syntax-tree';
import { anyShapeOf, type TextShape, type TextTraits } from './text-traits';
import { simplifyBoundaries } from '../engines/word-boundaries';

/** Steps of V8 that take some 80 ms at the very worst, mostly a hundredth of it, so that no guard is needed. */
const UNGUARDED_STEPS = 10_000_000;
/** No text longer than this, in UTF-16 units, is given to V8 without a guard. */
const UNGUARDED_LENGTH = 512 * 1024;
/** With more places than this where a match may begin, looking at one after the other takes longer than a guard. */
const MAX_PLACES = 32;

/** What came of a search. */
interface Decision {
	readonly match: PatternMatch | undefined;
}

/** V8's regular expressions for a pattern and one kind of text, and what it costs to ask them. */
export class NativeSearch {
	readonly matcher: NativeMatcher;
	private readonly root: PatternNode;
	private readonly cost: SearchCost;
	private readonly findPlace: PlaceSearch | undefined;
	private readonly cheap = new Map<number, boolean>();
	private readonly places = new Map<number, number>();

	/** @param isFirst whether searches begin with the text, so that no match before hides the beginning of a run */
	constructor(tree: PatternTree, domain: Domain, lineFeedsOnly: boolean, isFirst = true) {
		const root = isFirst ? searchFromRunStarts(tree.root) : tree.root;
		this.root = domain === 'ascii' ? root : simplifyBoundaries(root, domain);
		this.matcher = createNativeMatcher(tree, this.root, domain, lineFeedsOnly);
		this.cost = new SearchCost(domain);
		this.findPlace = createPlaceSearch(tree.root, domain);
	}

	/** Decides a pattern, no match of which begins before a place, if V8 surely comes to an end soon, by what it is or by what is in the text; undefined if not. */
	decideSoon(text: string, from: number, traits: TextTraits): Decision | undefined {
		const { length } = text;
		if (length > UNGUARDED_LENGTH) return undefined;
		if (!this.isCheap(anyShapeOf(length))) {
			const decision = this.decideAtPlaces(text, from);
			if (decision !== undefined) return decision;
			if (!this.isCheap(traits.shape)) return undefined;
		}
		return { match: this.matcher.match(text, from) };
	}

	/** In an ordinary text the beginning of a pattern stands at few places, and only there the rest costs anything. */
	decideAtPlaces(text: string, from: number): Decision | undefined {
		const { findPlace } = this;
		if (findPlace === undefined) return undefined;
		let place = findPlace(text, from);
		for (let left = this.affordablePlaces(text.length); left >= 0; left -= 1) {
			if (place === -1) return { match: undefined };
			if (left === 0) break;
			const match = this.matcher.matchAt(text, place);
			if (match !== undefined) return { match };
			place = findPlace(text, place + 1);
		}
		return undefined;
	}

	private affordablePlaces(length: number): number {
		const known = this.places.get(bitsOf(length));
		if (known !== undefined) return known;
		const steps = this.cost.stepsAtPlace(this.root, anyShapeOf(roundedUp(length)));
		const places = Math.min(MAX_PLACES, Math.floor(UNGUARDED_STEPS / steps));
		this.places.set(bitsOf(length), places);
		return places;
	}

	/** Whether the search costs little in all texts of about this shape: rounded up, so that few shapes are looked into. */
	private isCheap({ length, longestLine, longestBlank, lines }: TextShape): boolean {
		const key =
			(bitsOf(length) << 15) |
			(bitsOf(longestLine) << 10) |
			(bitsOf(longestBlank) << 5) |
			bitsOf(lines);
		const known = this.cheap.get(key);
		if (known !== undefined) return known;
		const shape = {
			length: roundedUp(length),
			longestLine: roundedUp(longestLine),
			longestBlank: roundedUp(longestBlank),
			lines: roundedUp(lines),
		};
		const cheap = this.cost.stepsToSearch(this.root, shape) <= UNGUARDED_STEPS;
		this.cheap.set(key, cheap);
		return cheap;
	}
}

/** The largest number with as many binary digits. */
function roundedUp(number: number): number {
	return 2 ** bitsOf(number) - 1;
}

/** Number of binary digits. */
function bitsOf(number: number): number {
	return 32 - Math.clz32(number);
}
