/*
 * The text of a pattern becomes a tree: group-table.ts counts the groups first, parser.ts then reads with reader.ts at its
 * place, and asks groups.ts, classes.ts and escapes.ts.
 */
import { parseClass, parseProperty, resolveCase, SHORTHANDS } from './classes';
import { parseUnitEscape } from './escapes';
import { GroupTable } from './group-table';
import { parseGroupOpening, parseReference, type GroupOpening } from './groups';
import { PatternReader, type PatternOptions } from './reader';
import { LAST_UNIT } from '../sets/unit-set';
import {
	toAlternation,
	toSet,
	type AssertionType,
	type PatternNode,
	type PatternTree,
} from '../syntax-tree';

/** Deepest nesting of groups; recursion stays far from the end of the stack. */
export const MAX_DEPTH = 200;

const ESCAPED_ASSERTIONS: Readonly<Record<string, AssertionType>> = {
	A: 'textStart',
	G: 'searchStart',
	Z: 'finalLine',
	z: 'textEnd',
	b: 'boundary',
	B: 'notBoundary',
};
const COUNTED = /\{(\d+)(,(\d*))?\}/y;
const ANY_UNIT = { from: 0, to: LAST_UNIT };
const OTHER_THAN_LINE_FEED = [
	{ from: 0, to: 0x09 },
	{ from: 0x0b, to: LAST_UNIT },
];
const EMPTY: PatternNode = { kind: 'sequence', items: [] };

/**
 * Parses a .NET pattern; a first reading finds the groups, since `\12` means a group or a character by what follows.
 *
 * @throws PatternSyntaxError with the place, where .NET refuses the pattern or we do not support it
 */
export function parsePattern(source: string, options: PatternOptions): PatternTree {
	const first = new PatternReader(source, options, new GroupTable());
	parseWhole(first);
	const groups = new GroupTable(first.groups.declared);
	const reader = new PatternReader(source, options, groups);
	const root = parseWhole(reader);
	const { slotKeys, groupNames } = groups;
	return { root, slotKeys, groupNames, mentionsCarriageReturn: reader.mentionsCarriageReturn };
}

function parseWhole(reader: PatternReader): PatternNode {
	const root = toAlternation(parseAlternatives(reader));
	if (!reader.atEnd) {
		throw reader.error('a ")" closes nothing', reader.position, 'Write \\) for a parenthesis.');
	}
	return root;
}

/** Reads alternatives up to the closing parenthesis or the end. */
function parseAlternatives(reader: PatternReader): PatternNode[] {
	const options = [parseSequence(reader)];
	while (reader.take('|')) options.push(parseSequence(reader));
	return options;
}

function parseSequence(reader: PatternReader): PatternNode {
	const items: PatternNode[] = [];
	let quantified = false;
	for (;;) {
		reader.skipBlank();
		const character = reader.peek();
		if (reader.atEnd || character === '|' || character === ')') break;
		if (isAtQuantifier(reader)) throw danglingQuantifier(reader, quantified);
		const atom = parseAtom(reader);
		quantified = false;
		if (atom === undefined) continue;
		const item = parseQuantified(reader, atom);
		quantified = item !== atom;
		items.push(item);
	}
	const [only, ...others] = items;
	return only !== undefined && others.length === 0 ? only : { kind: 'sequence', items };
}

function danglingQuantifier(reader: PatternReader, quantified: boolean): Error {
	const character = reader.peek();
	if (!quantified) {
		return reader.error(
			`the quantifier "${character}" has nothing to repeat`,
			reader.position,
			`Write \\${character} for the character itself.`,
		);
	}
	return reader.error(
		`the quantifier "${character}" follows another quantifier`,
		reader.position,
		character === '+'
			? '.NET has no possessive quantifiers: write an atomic group, (?>a+) instead of a++.'
			: 'Put the first repeat in a group: (?:a*)*.',
	);
}

/** Whether a quantifier stands here; `{` counts only when it is one, as in `{2}`, `{2,}` or `{2,3}`. */
function isAtQuantifier(reader: PatternReader): boolean {
	const character = reader.peek();
	if (character !== '{') return character !== '' && '*+?'.includes(character);
	COUNTED.lastIndex = reader.position;
	return COUNTED.test(reader.source);
}

/** Reads the quantifier behind an atom, if there is one. */
function parseQuantified(reader: PatternReader, body: PatternNode): PatternNode {
	reader.skipBlank();
	if (!isAtQuantifier(reader)) return body;
	const start = reader.position;
	const { min, max } = parseCounts(reader);
	reader.skipBlank();
	const lazy = reader.take('?');
	if (min > max) throw reader.error('a quantifier has its numbers in reverse order', start);
	return { kind: 'repeat', body, min, max, lazy };
}

function parseCounts(reader: PatternReader): { min: number; max: number } {
	const simple = reader.peek();
	if (simple !== '{') {
		reader.position += 1;
		return { min: simple === '+' ? 1 : 0, max: simple === '?' ? 1 : Infinity };
	}
	COUNTED.lastIndex = reader.position;
	const [text = '', from = '', comma, to = ''] = COUNTED.exec(reader.source) ?? [];
	const min = reader.toNumber(from);
	const max = comma === undefined ? min : to === '' ? Infinity : reader.toNumber(to);
	reader.position += text.length;
	return { min, max };
}

/** Reads one thing that a quantifier may follow; undefined for `(?i)`. */
function parseAtom(reader: PatternReader): PatternNode | undefined {
	const { multiline, singleline } = reader.options;
	const character = reader.next();
	switch (character) {
		case '(':
			return parseGroup(reader);
		case '[':
			return { kind: 'set', set: parseClass(reader) };
		case '\\':
			return parseEscape(reader);
		case '^':
			return { kind: 'assertion', type: multiline ? 'lineStart' : 'textStart' };
		case '$':
			return { kind: 'assertion', type: multiline ? 'lineEnd' : 'finalLine' };
		case '.':
			return toSet(singleline ? [ANY_UNIT] : OTHER_THAN_LINE_FEED);
		default:
			return unitNode(reader, reader.explicit(character.charCodeAt(0)));
	}
}

function unitNode(reader: PatternReader, unit: number): PatternNode {
	return toSet(resolveCase(reader, [{ from: unit, to: unit }]));
}

function parseGroup(reader: PatternReader): PatternNode | undefined {
	const start = reader.position - 1;
	const { options, inConditional } = reader;
	const opening = parseGroupOpening(reader);
	if (opening.kind === 'options') return undefined;
	reader.depth += 1;
	if (reader.depth > MAX_DEPTH) {
		throw reader.error(`groups are nested more than ${String(MAX_DEPTH)} deep`, start);
	}
	reader.inConditional = false;
	const node = parseGroupBody(reader, start, opening);
	reader.inConditional = inConditional;
	if (!reader.take(')')) {
		throw reader.error('a group "(" is not closed', start, 'Write \\( for a parenthesis.');
	}
	reader.depth -= 1;
	reader.options = options;
	return node;
}

function parseGroupBody(reader: PatternReader, start: number, opening: GroupOpening): PatternNode {
	if (opening.kind === 'condition') return parseConditional(reader, start, opening.slot);
	const body = toAlternation(parseAlternatives(reader));
	switch (opening.kind) {
		case 'capture':
		case 'look':
			return { ...opening, body };
		case 'atomic':
			return { kind: 'atomic', body };
		default:
			return body;
	}
}

/** Reads `(condition)yes|no`, or `yes|no` where a group is asked for. */
function parseConditional(reader: PatternReader, start: number, slot?: number): PatternNode {
	const test = slot ?? parseTest(reader);
	reader.inConditional = slot === undefined;
	const [yes = EMPTY, no = EMPTY, ...more] = parseAlternatives(reader);
	if (more.length > 0) {
		throw reader.error('a condition "(?(" has more than two alternatives', start);
	}
	return { kind: 'condition', test, yes, no };
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
	const letter = reader.peek();
	const assertion = ESCAPED_ASSERTIONS[letter];
	const category = SHORTHANDS[letter.toLowerCase()];
	if (assertion !== undefined) {
		reader.position += 1;
		return { kind: 'assertion', type: assertion };
	}
	if (category !== undefined) {
		reader.position += 1;
		return toSet([{ category, negated: letter !== letter.toLowerCase() }]);
	}
	if (letter === 'p' || letter === 'P') {
		reader.position += 1;
		return toSet(resolveCase(reader, parseProperty(reader, letter === 'P')));
	}
	return parseReference(reader) ?? unitNode(reader, parseUnitEscape(reader));
}
