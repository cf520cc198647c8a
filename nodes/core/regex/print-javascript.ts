import { type Domain } from './character-sets';
import { printSetForJavaScript, SetPrinter } from './print-set';
import { CaptureList, printQuantifier, type ProgramText } from './program';
import {
	categorySet,
	someNode,
	type AssertionType,
	type LookNode,
	type PatternNode,
} from './syntax-tree';

const ASSERTIONS: Readonly<Record<AssertionType, string>> = {
	textStart: '^',
	textEnd: '$',
	finalLine: '(?=\\n?$)',
	lineStart: '(?<![^\\n])',
	lineEnd: '(?![^\\n])',
	boundary: '\\b',
	notBoundary: '\\B',
};

/**
 * Prints a pattern as a JavaScript expression without flags.
 * The same as .NET where {@link isExactInJavaScript} says so.
 */
export function printJavaScript(root: PatternNode, domain: Domain): ProgramText {
	// A look-behind runs from right to left, so that a reference in it may stand before its group.
	const numbers = new Map<number, number>();
	if (someNode(root, (node) => node.kind === 'backReference')) {
		new JavaScriptPrinter(domain, numbers).print(root, false);
	}
	const printer = new JavaScriptPrinter(domain, numbers);
	const source = printer.print(root, false);
	return { source, captures: printer.list.captures };
}

class JavaScriptPrinter {
	readonly list = new CaptureList();
	private readonly sets: SetPrinter;

	constructor(
		private readonly domain: Domain,
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
			return ASSERTIONS[type];
		}
		const word = this.sets.text(categorySet('boundaryWord', false));
		return type === 'boundary'
			? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
			: `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
	}
}
