import { type Domain } from '../sets/character-sets';
import { printSetForJavaScript, SetPrinter } from './print-set';
import { CaptureList, printQuantifier, type ProgramText } from './program';
import {
	categorySet,
	someNode,
	type AssertionType,
	type LookNode,
	type PatternNode,
} from '../syntax-tree';

type Assertions = Readonly<Record<AssertionType, string>>;

/** For an expression without flags. */
const ASSERTIONS: Assertions = {
	textStart: '^',
	textEnd: '$',
	finalLine: '(?=\\n?$)',
	lineStart: '(?<![^\\n])',
	lineEnd: '(?![^\\n])',
	boundary: '\\b',
	notBoundary: '\\B',
};
/** For one with the flag `m`, which takes less time for lines but also sees other line ends than `\n`. */
const LINE_ASSERTIONS: Assertions = {
	...ASSERTIONS,
	textStart: '(?<![^])',
	textEnd: '(?![^])',
	finalLine: '(?=\\n?(?![^]))',
	lineStart: '^',
	lineEnd: '$',
};

/** A pattern as a JavaScript expression. */
export interface JavaScriptText extends ProgramText {
	readonly flags: '' | 'm';
}

/** Whether a pattern looks at lines, so that printing it for texts with no line ends but `\n` makes a difference. */
export function looksAtLines(root: PatternNode): boolean {
	return someNode(
		root,
		(node) => node.kind === 'assertion' && (node.type === 'lineStart' || node.type === 'lineEnd'),
	);
}

/**
 * Prints a pattern as a JavaScript expression, the same as .NET where {@link isExactInJavaScript} says so.
 *
 * @param lineFeedsOnly whether the texts have no `\r`, U+2028 or U+2029
 */
export function printJavaScript(
	root: PatternNode,
	domain: Domain,
	lineFeedsOnly = false,
): JavaScriptText {
	const flags = lineFeedsOnly && looksAtLines(root) ? 'm' : '';
	const assertions = flags === 'm' ? LINE_ASSERTIONS : ASSERTIONS;
	// A look-behind runs from right to left, so that a reference in it may stand before its group.
	const numbers = new Map<number, number>();
	if (someNode(root, (node) => node.kind === 'backReference')) {
		new JavaScriptPrinter(domain, assertions, numbers).print(root, false);
	}
	const printer = new JavaScriptPrinter(domain, assertions, numbers);
	const source = printer.print(root, false);
	return { source, flags, captures: printer.list.captures };
}

class JavaScriptPrinter {
	readonly list = new CaptureList();
	private readonly sets: SetPrinter;

	constructor(
		private readonly domain: Domain,
		private readonly assertions: Assertions,
		/** The number of the capture of a slot, by slot. */
		private readonly numbers: Map<number, number>,
	) {
		this.sets = new SetPrinter(printSetForJavaScript, domain);
	}

	print(node: PatternNode, backward: boolean): string {
		switch (node.kind) {
			case 'set':
				return this.sets.text(node.set);
			case 'sequence':
				return node.items.map((item) => this.printItem(item, backward)).join('');
			case 'alternation':
				return node.options.map((option) => this.print(option, backward)).join('|');
			case 'repeat':
				return this.wrap(node.body, backward) + printQuantifier(node);
			case 'capture':
				return this.capture(node.body, backward, node.slot).text;
			case 'assertion':
				return this.assertion(node.type);
			case 'look':
				return this.look(node);
			case 'atomic':
				return this.atomic(node.body, backward);
			case 'backReference':
				return `(?:\\${String(this.numbers.get(node.slot) ?? 0)})`;
		}
	}

	private look({ behind, negative, body }: LookNode): string {
		return `(?${behind ? '<' : ''}${negative ? '!' : '='}${this.print(body, behind)})`;
	}

	private printItem(node: PatternNode, backward: boolean): string {
		return node.kind === 'alternation' ? this.wrap(node, backward) : this.print(node, backward);
	}

	private wrap(node: PatternNode, backward: boolean): string {
		const text = this.print(node, backward);
		return node.kind === 'set' || node.kind === 'capture' ? text : `(?:${text})`;
	}

	private capture(body: PatternNode, backward: boolean, slot?: number) {
		const number = this.list.open(slot);
		if (slot !== undefined) this.numbers.set(slot, number);
		const text = `(${this.print(body, backward)})`;
		this.list.close(number);
		return { number, text };
	}

	/** A look-around is atomic: what it has seen is captured, then taken as it was. */
	private atomic(body: PatternNode, backward: boolean): string {
		const { number, text } = this.capture(body, backward);
		const taken = `\\${String(number)}`;
		return backward ? `(?:${taken}(?<=${text}))` : `(?:(?=${text})${taken})`;
	}

	private assertion(type: AssertionType): string {
		if (this.domain === 'ascii' || (type !== 'boundary' && type !== 'notBoundary')) {
			return this.assertions[type];
		}
		const word = this.sets.text(categorySet('boundaryWord', false));
		return type === 'boundary'
			? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
			: `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
	}
}
