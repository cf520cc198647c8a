import {
	FIRST_LOW_SURROGATE,
	FIRST_SURROGATE,
	LAST_SURROGATE,
	singleUnitOf,
	type Domain,
} from '../sets/character-sets';
import { countsEmptyRounds } from './exactness';
import { printPairForRe2, printSetForRe2, SetPrinter } from './print-set';
import { CaptureList, printQuantifier, type ProgramText } from './program';
import type { AssertionType, PatternNode, RepeatNode } from '../syntax-tree';

/** A program for RE2; some of its captures mark what follows the match. */
export interface Re2Text extends ProgramText {
	/** Numbers of the captures of a final `\n`, which `$` looks at and RE2 can only take. */
	readonly finalLines: readonly number[];
}

/** Assertions as RE2 writes them; `finalLine` depends on its place, the boundaries on the text. */
const ASSERTIONS: Readonly<Partial<Record<AssertionType, string>>> = {
	textStart: '\\A',
	textEnd: '\\z',
	lineStart: '(?m:^)',
	lineEnd: '(?m:$)',
};
/** RE2 refuses larger counts, and nested ones with a larger product. */
const MAX_COUNT = 1000;

/**
 * Prints a pattern in the syntax of RE2, or returns undefined where RE2 has no words for it: look-around,
 * back-references, atomic groups, counts over 1,000, rounds that try nothing first, `$` not at the end, `\b` beyond ASCII.
 */
export function printRe2(root: PatternNode, domain: Domain): Re2Text | undefined {
	const printer = new Re2Printer(domain);
	const source = printer.print(root, true);
	if (printer.failed) return undefined;
	return { source, captures: printer.list.captures, finalLines: printer.finalLines };
}

class Re2Printer {
	readonly list = new CaptureList();
	readonly finalLines: number[] = [];
	failed = false;
	private readonly sets: SetPrinter;
	/** The product of the counts around a node. */
	private count = 1;

	constructor(private readonly domain: Domain) {
		this.sets = new SetPrinter(printSetForRe2, domain);
	}

	/** Prints a node; `last` says that nothing of the pattern comes behind it. */
	print(node: PatternNode, last: boolean): string {
		switch (node.kind) {
			case 'set':
				return this.sets.text(node.set);
			case 'sequence':
				return this.printSequence(node.items, last);
			case 'alternation':
				return node.options.map((option) => this.print(option, last)).join('|');
			case 'repeat':
				return this.printRepeat(node);
			case 'capture': {
				const number = this.list.open(node.slot);
				const text = `(${this.print(node.body, last)})`;
				this.list.close(number);
				return text;
			}
			case 'assertion':
				return this.printAssertion(node.type, last);
			default:
				return this.fail();
		}
	}

	private printSequence(items: readonly PatternNode[], last: boolean): string {
		let text = '';
		for (let index = 0; index < items.length; index += 1) {
			const item = items[index];
			if (item === undefined) continue;
			const pair = toPair(item, items[index + 1]);
			if (pair !== undefined) {
				text += pair;
				index += 1;
			} else {
				const printed = this.print(item, last && index === items.length - 1);
				text += item.kind === 'alternation' ? `(?:${printed})` : printed;
			}
		}
		return text;
	}

	private printRepeat(node: RepeatNode): string {
		if (countsEmptyRounds(node)) return this.fail();
		const outerCount = this.count;
		this.count *= Math.max(1, node.max === Infinity ? node.min : node.max);
		if (this.count > MAX_COUNT) return this.fail();
		const text = this.print(node.body, false);
		this.count = outerCount;
		return (node.body.kind === 'set' ? text : `(?:${text})`) + printQuantifier(node);
	}

	private printAssertion(type: AssertionType, last: boolean): string {
		if (type === 'finalLine') {
			if (!last) return this.fail();
			const number = this.list.open();
			this.finalLines.push(number);
			this.list.close(number);
			return '(\\n?)\\z';
		}
		if (type === 'boundary' || type === 'notBoundary') {
			if (this.domain !== 'ascii') return this.fail();
			return type === 'boundary' ? '\\b' : '\\B';
		}
		return ASSERTIONS[type] ?? this.fail();
	}

	private fail(): string {
		this.failed = true;
		return '';
	}
}

function toPair(first: PatternNode, second: PatternNode | undefined): string | undefined {
	if (first.kind !== 'set' || second?.kind !== 'set') return undefined;
	const high = singleUnitOf(first.set);
	const low = singleUnitOf(second.set);
	return isSurrogatePair(high, low) ? printPairForRe2(high ?? 0, low ?? 0) : undefined;
}

/** Whether two units are the two halves of one character beyond U+FFFF. */
export function isSurrogatePair(high: number | undefined, low: number | undefined): boolean {
	return (
		high !== undefined &&
		low !== undefined &&
		high >= FIRST_SURROGATE &&
		high < FIRST_LOW_SURROGATE &&
		low >= FIRST_LOW_SURROGATE &&
		low <= LAST_SURROGATE
	);
}
