/*
 * The text of a pattern becomes a tree: parser.ts reads with reader.ts at its place, and asks groups.ts, classes.ts and
 * escapes.ts; it does so twice, since group-table.ts must have the groups first.
 */
import { variantsOf } from '../sets/case-variants';
import { UnitSet, type UnitSets } from '../sets/unit-set';
import { toAlternation, toSequence } from '../syntax-tree';
import type { AssertionType, PatternNode, PatternTree } from '../syntax-tree';
import { parseClass, parseSetEscape } from './classes';
import { parseUnitEscape } from './escapes';
import { GroupTable } from './group-table';
import { parseGroupOpening, parseReference, type GroupOpening } from './groups';
import { PatternReader, type PatternOptions } from './reader';

const ESCAPED_ASSERTIONS: Readonly<Record<string, AssertionType>> = {
	A: 'textStart',
	G: 'searchStart',
	Z: 'finalLine',
	z: 'textEnd',
	b: 'boundary',
	B: 'notBoundary',
};
const ASSERTION_LETTER = /[AGZzbB]/y;
/** `{` is one only in `{2}`, `{2,}` or `{2,3}`. */
const QUANTIFIER = /[*+?]|\{\d+(?:,\d*)?\}/y;
const SIMPLE_COUNTS: Readonly<Record<string, readonly [min: number, max: number]>> = {
	'*': [0, Infinity],
	'+': [1, Infinity],
	'?': [0, 1],
};
const EMPTY = toSequence([]);

/**
 * Parses a .NET pattern; a first reading finds the groups, since `\12` means a group or a character by what follows.
 *
 * @throws PatternSyntaxError with the place, where .NET refuses the pattern or we do not support it
 */
export function parsePattern(source: string, options: PatternOptions, sets: UnitSets): PatternTree {
	const first = new PatternReader(source, options, new GroupTable(), sets);
	parseWhole(first);
	const groups = new GroupTable(first.groups.declared);
	const reader = new PatternReader(source, options, groups, sets);
	return {
		root: parseWhole(reader),
		slotKeys: groups.slotKeys,
		mentionsCarriageReturn: reader.mentionsCarriageReturn,
	};
}

function parseWhole(reader: PatternReader): PatternNode {
	const root = toAlternation(parseAlternatives(reader), reader.sets);
	if (reader.peek() === '') return root;
	throw reader.error('a ")" closes nothing', reader.position, 'Write \\) for a parenthesis.');
}

/** Reads alternatives up to the closing parenthesis or the end. */
function parseAlternatives(reader: PatternReader): PatternNode[] {
	const options = [parseSequence(reader)];
	while (reader.take('|')) options.push(parseSequence(reader));
	return options;
}

function parseSequence(reader: PatternReader): PatternNode {
	const items: PatternNode[] = [];
	let isQuantified = false;
	for (;;) {
		reader.skipBlank();
		// Also at the end.
		if ('|)'.includes(reader.peek())) return toSequence(items);
		if (reader.isAt(QUANTIFIER)) throw danglingQuantifier(reader, isQuantified);
		const atom = parseAtom(reader);
		const item = atom && parseQuantified(reader, atom);
		isQuantified = item !== atom;
		if (item !== undefined) items.push(item);
	}
}

function danglingQuantifier(reader: PatternReader, isQuantified: boolean): Error {
	const character = reader.peek();
	const problem = isQuantified ? 'follows another quantifier' : 'has nothing to repeat';
	const inGroup =
		character === '+'
			? '.NET has no possessive quantifiers: write an atomic group, (?>a+) instead of a++.'
			: 'Put the first repeat in a group: (?:a*)*.';
	const hint = isQuantified ? inGroup : `Write \\${character} for the character itself.`;
	return reader.error(`the quantifier "${character}" ${problem}`, reader.position, hint);
}

/** Reads the quantifier behind an atom, if there is one. */
function parseQuantified(reader: PatternReader, body: PatternNode): PatternNode {
	reader.skipBlank();
	const start = reader.position;
	const quantifier = reader.takeMatch(QUANTIFIER);
	if (quantifier === '') return body;
	const [from = '', to = from] = quantifier.slice(1, -1).split(',');
	const last = to === '' ? Infinity : reader.toNumber(to, start);
	const [min, max] = SIMPLE_COUNTS[quantifier] ?? [reader.toNumber(from, start), last];
	if (min > max) throw reader.error('a quantifier has its numbers in reverse order', start);
	reader.skipBlank();
	return { kind: 'repeat', body, min, max, lazy: reader.take('?') };
}

/** Reads one thing that a quantifier may follow; undefined for `(?i)`. */
function parseAtom(reader: PatternReader): PatternNode | undefined {
	const { multiline, singleline } = reader.options;
	const start = reader.position;
	const character = reader.next();
	switch (character) {
		case '(':
			return parseGroup(reader);
		case '[': {
			const set = parseClass(reader);
			return set.only === undefined ? setNode(reader, start, () => set) : textNode(set.only);
		}
		case '\\':
			return parseEscape(reader);
		case '^':
			return { kind: 'assertion', type: multiline ? 'lineStart' : 'textStart' };
		case '$':
			return { kind: 'assertion', type: multiline ? 'lineEnd' : 'finalLine' };
		case '.':
			return setNode(reader, start, () =>
				(singleline ? new UnitSet() : reader.sets.ofUnit('\n')).complement(),
			);
		default:
			return unitNode(reader, start, character.charCodeAt(0));
	}
}

/** A set that is written as what was read from a place on; the options decide what that means. */
function setNode(reader: PatternReader, start: number, make: () => UnitSet): PatternNode {
	const { ignoreCase = false, singleline = false } = reader.options;
	const written = reader.source.slice(start, reader.position);
	const name = `${String(ignoreCase)} ${String(singleline)} ${written}`;
	return { kind: 'set', set: reader.sets.of(name, make) };
}

function textNode(unit: number): PatternNode {
	return { kind: 'text', text: String.fromCharCode(unit) };
}

function unitNode(reader: PatternReader, start: number, unit: number): PatternNode {
	const variants = reader.options.ignoreCase === true ? variantsOf(unit) : [unit];
	if (variants.length === 1) return textNode(reader.explicit(unit));
	const ranges = variants.map((variant) => [variant, variant] as const);
	return setNode(reader, start, () => UnitSet.of(...ranges));
}

function parseGroup(reader: PatternReader): PatternNode | undefined {
	const start = reader.position - 1;
	const { options, inConditional } = reader;
	const opening = parseGroupOpening(reader);
	if (opening === undefined) return undefined;
	reader.inConditional = false;
	const node = reader.nest(start, () => parseGroupBody(reader, start, opening));
	reader.inConditional = inConditional;
	reader.options = options;
	if (reader.take(')')) return node;
	throw reader.error('a group "(" is not closed', start, 'Write \\( for a parenthesis.');
}

function parseGroupBody(reader: PatternReader, start: number, opening: GroupOpening): PatternNode {
	if (opening.kind === 'condition') return parseConditional(reader, start, opening.slot);
	const body = toAlternation(parseAlternatives(reader), reader.sets);
	return opening.kind === 'plain' ? body : { ...opening, body };
}

/** Reads `(condition)yes|no`, or `yes|no` where a group is asked for. */
function parseConditional(reader: PatternReader, start: number, slot?: number): PatternNode {
	const test = slot ?? parseTest(reader);
	reader.inConditional = slot === undefined;
	const [yes = EMPTY, no = EMPTY, ...more] = parseAlternatives(reader);
	if (more.length === 0) return { kind: 'condition', test, yes, no };
	throw reader.error('a condition "(?(" has more than two alternatives', start);
}

/** The condition itself; a plain group there does not capture. */
function parseTest(reader: PatternReader): PatternNode {
	const start = reader.position;
	reader.position += 1;
	reader.inConditional = true;
	reader.skipsCapture = reader.peek() === '?' ? 'counted' : 'uncounted';
	const test = parseGroup(reader);
	if (test === undefined) throw reader.error('.NET takes no options for a condition "(?("', start);
	return test;
}

function parseEscape(reader: PatternReader): PatternNode {
	const start = reader.position - 1;
	const assertion = ESCAPED_ASSERTIONS[reader.takeMatch(ASSERTION_LETTER)];
	if (assertion !== undefined) return { kind: 'assertion', type: assertion };
	const set = parseSetEscape(reader);
	if (set !== undefined) return setNode(reader, start, () => set);
	return parseReference(reader) ?? unitNode(reader, start, parseUnitEscape(reader));
}
