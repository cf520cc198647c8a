import type { Token } from 'parse5';
import { BLOCKS } from './html-elements';

/** What CSS says of an element, as far as its text goes; absent is what HTML says. */
export interface ElementStyle {
	readonly isHidden?: boolean;
	readonly display?: Display;
	readonly whiteSpace?: WhiteSpace;
}

/** How an element is laid out. */
export type Display = 'block' | 'inline' | 'table' | 'row' | 'cell';

/** Whether blanks and line ends of the source count (CSS Text 3, 3): `lines` is `pre-line`. */
export type WhiteSpace = 'normal' | 'pre' | 'lines';

/** Values by property, in lower case. */
export type Declarations = ReadonlyMap<string, Declared>;

interface Declared {
	readonly value: string;
	readonly isImportant: boolean;
}

const DISPLAYS: Readonly<Partial<Record<string, Display>>> = {
	block: 'block',
	flex: 'block',
	grid: 'block',
	'flow-root': 'block',
	'list-item': 'block',
	inline: 'inline',
	contents: 'inline',
	table: 'table',
	'table-row': 'row',
	'table-cell': 'cell',
};

const WHITE_SPACES: Readonly<Partial<Record<string, WhiteSpace>>> = {
	normal: 'normal',
	nowrap: 'normal',
	pre: 'pre',
	'pre-wrap': 'pre',
	'break-spaces': 'pre',
	'pre-line': 'lines',
};

const ZERO = /^(?:0+(?:\.0*)?|\.0+)(?:%|[a-z]{1,4})?$/;

/** Reads declarations (CSS Syntax 3, 5.4.5): the last one of a property counts, unless an earlier one is important. */
export function parseDeclarations(css: string): Declarations {
	const declared = new Map<string, Declared>();
	for (const declaration of withoutComments(css).split(';')) {
		const colon = declaration.indexOf(':');
		if (colon < 0) continue;
		const given = declaration.slice(colon + 1).toLowerCase();
		const bang = given.indexOf('!');
		const value = (bang < 0 ? given : given.slice(0, bang)).trim();
		const name = declaration.slice(0, colon).trim().toLowerCase();
		declare(declared, name, { value, isImportant: bang >= 0 });
	}
	return declared;
}

/** Of several the last one counts more. */
export function mergeDeclarations(all: readonly Declarations[]): Declarations {
	const [only] = all;
	if (all.length === 1 && only !== undefined) return only;
	const merged = new Map<string, Declared>();
	for (const declarations of all) {
		for (const [name, declared] of declarations) declare(merged, name, declared);
	}
	return merged;
}

function declare(declared: Map<string, Declared>, name: string, one: Declared): void {
	if (one.isImportant || declared.get(name)?.isImportant !== true) declared.set(name, one);
}

/** CSS without what stands between slash and star, which may not be closed. */
export function withoutComments(css: string): string {
	const [first = '', ...rest] = css.split('/*');
	return [first, ...rest.map((piece) => piece.split('*/').slice(1).join('*/'))].join(' ');
}

/** What the declarations of an element mean. */
export function toElementStyle(
	{ tagName }: Pick<Token.TagToken, 'tagName'>,
	declarations: Declarations,
): ElementStyle {
	const valueOf = (name: string): string => declarations.get(name)?.value ?? '';
	const display = DISPLAYS[valueOf('display')];
	const whiteSpace = WHITE_SPACES[valueOf('white-space')];
	return {
		isHidden: isHiddenBy(valueOf, BLOCKS.has(tagName)),
		...(display !== undefined && { display }),
		...(whiteSpace !== undefined && { whiteSpace }),
	};
}

/** Hidden from every reader. A tiny font hides nothing for certain: what is within may have another one. */
function isHiddenBy(valueOf: (name: string) => string, isBlock: boolean): boolean {
	if (valueOf('display') === 'none' || ZERO.test(valueOf('opacity'))) return true;
	if (/^(?:hidden|collapse)$/.test(valueOf('visibility'))) return true;
	const hasNoHeight = ZERO.test(valueOf('max-height')) || ZERO.test(valueOf('height'));
	// Cells are as high as what they hold, and what is inline has no height of its own.
	return isBlock && hasNoHeight && valueOf('overflow') === 'hidden';
}
