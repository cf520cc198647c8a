import { isBoundaryWordCharacter } from './escapes';
import { parseDecimal } from './quantifiers';
import type { PatternReader } from './reader';

/** What an opening parenthesis opens; `options` stands for `(?i)`, which opens nothing. */
export type GroupOpening =
	| { readonly kind: 'options' | 'plain' | 'atomic' | 'conditional' }
	| { readonly kind: 'capture'; readonly slot: number }
	| { readonly kind: 'look'; readonly behind: boolean; readonly negative: boolean };

const CONSTRUCTS: readonly (readonly [string, GroupOpening])[] = [
	[':', { kind: 'plain' }],
	['>', { kind: 'atomic' }],
	['=', { kind: 'look', behind: false, negative: false }],
	['!', { kind: 'look', behind: false, negative: true }],
	['<=', { kind: 'look', behind: true, negative: false }],
	['<!', { kind: 'look', behind: true, negative: true }],
];

const FOREIGN: readonly (readonly [RegExp, string, string])[] = [
	[/P[<']/y, '"(?P<" is not .NET', 'Write (?<name>...) instead of (?P<name>...).'],
	[/P=/y, '"(?P=" is not .NET', 'Write \\k<name> instead of (?P=name).'],
	[/P>|&/y, 'a call of a group is not .NET', 'Repeat the group in full.'],
	[/R|\d/y, 'recursion is not .NET', 'Write out the depth that is needed.'],
	[/\|/y, '"(?|" is not .NET', 'Give the groups of the alternatives the same name.'],
	[/\^/y, '"(?^" is not .NET', 'Write (?-imnsx) instead of (?^).'],
];

/** Reads what stands behind an opening parenthesis, up to where its contents begin. */
export function parseGroupOpening(reader: PatternReader): GroupOpening {
	const start = reader.position - 1;
	if (reader.peek() !== '?' || reader.peek(1) === ')') {
		const { skipsCapture } = reader;
		reader.skipsCapture = false;
		if (reader.options.explicitCapture) return { kind: 'plain' };
		reader.groups.declare({});
		if (skipsCapture && reader.groups.complete) return { kind: 'plain' };
		return { kind: 'capture', slot: reader.groups.nextUnnamed() };
	}
	reader.position += 1;
	const construct = CONSTRUCTS.find(([text]) => reader.take(text));
	if (construct !== undefined) return construct[1];
	if (reader.take('<')) return parseName(reader, start, '>');
	if (reader.take("'")) return parseName(reader, start, "'");
	if (reader.peek() === '(') return parseConditional(reader, start);
	return parseOptionsGroup(reader, start);
}

function parseOptionsGroup(reader: PatternReader, start: number): GroupOpening {
	refuseForeign(reader, start);
	if (!reader.inConditional) parseInlineOptions(reader);
	else if (reader.peek() !== ':') {
		throw reader.error(
			'.NET takes no options directly in the alternatives of a condition "(?("',
			start,
			'Put them in a group: (?:(?i)...).',
		);
	}
	if (reader.take(')')) return { kind: 'options' };
	if (reader.take(':')) return { kind: 'plain' };
	throw reader.error('"(?" begins no group that .NET knows', start, 'Write \\( for a parenthesis.');
}

function refuseForeign(reader: PatternReader, start: number): void {
	for (const [form, problem, hint] of FOREIGN) {
		form.lastIndex = reader.position;
		if (form.test(reader.source)) throw reader.error(problem, start, hint);
	}
}

function parseName(reader: PatternReader, start: number, close: string): GroupOpening {
	if (reader.peek() === '-') throw balancing(reader, start);
	const nameStart = reader.position;
	const isNumber = /^\d$/.test(reader.peek());
	const number = isNumber ? parseDecimal(reader) : undefined;
	const name = isNumber ? '' : parseGroupName(reader);
	if (reader.peek() === '-') throw balancing(reader, start);
	if ((name === '' && !isNumber) || !reader.take(close)) {
		throw reader.error(
			'the name of a group is not valid',
			nameStart,
			`A name has letters, digits and underscores, then ${close}.`,
		);
	}
	if (number === undefined) reader.groups.declare({ name });
	else declareNumber(reader, nameStart, number);
	return { kind: 'capture', slot: number ?? reader.groups.slotOfName(name) ?? 0 };
}

function declareNumber(reader: PatternReader, start: number, number: number): void {
	if (number === 0) throw reader.error('a group cannot have the number 0', start);
	if (reader.source[start] !== '0') reader.groups.declare({ number });
	// .NET does not count a group whose number begins with 0, but takes it where another has that number.
	else if (!reader.groups.hasSlot(number)) {
		throw reader.error('the number of a group begins with 0', start, 'Leave the 0 out.');
	}
}

/** Reads as many characters as may stand in the name of a group. */
export function parseGroupName(reader: PatternReader): string {
	const start = reader.position;
	while (!reader.atEnd && isBoundaryWordCharacter(reader.peek())) reader.position += 1;
	return reader.source.slice(start, reader.position);
}

function balancing(reader: PatternReader, start: number): Error {
	return reader.error(
		'a balancing group "(?<name-other>" is not supported',
		start,
		'Match nested brackets to a fixed depth instead.',
	);
}

/** Reads `(?(`; the expression form `(?(?=x)yes|no)` is supported, the test of a group is not. */
function parseConditional(reader: PatternReader, start: number): GroupOpening {
	const rest = reader.source.slice(reader.position);
	if (/^\(\?(?:#|'|<(?![=!]))/.test(rest)) {
		throw reader.error('the condition of "(?(" can be neither a comment nor a named group', start);
	}
	const group = /^\(([\p{L}\p{Mn}\p{Nd}\p{Pc}\u200c\u200d]+)\)/u.exec(rest)?.[1];
	if (group === undefined) return { kind: 'conditional' };
	const isNumber = /^\d/.test(group);
	if (isNumber || reader.groups.slotOfName(group) !== undefined) {
		throw reader.error(
			`the condition "(?(${group})", whether a group has matched, is not supported`,
			start,
			'Write the two cases as alternatives: (?:with the group|without it).',
		);
	}
	return { kind: 'conditional' };
}

/** The options of .NET that may stand in a pattern: `(?imnsx-imnsx)`. */
export interface InlineOptions {
	readonly ignoreCase: boolean;
	readonly multiline: boolean;
	readonly explicitCapture: boolean;
	readonly singleline: boolean;
	readonly ignoreWhitespace: boolean;
}

const LETTERS: Readonly<Record<string, keyof InlineOptions>> = {
	i: 'ignoreCase',
	m: 'multiline',
	n: 'explicitCapture',
	s: 'singleline',
	x: 'ignoreWhitespace',
};

const OPTION_LETTERS = /[-+imnsx]*/iy;

/** Reads option letters and applies them from here on; reads nothing when there are none. */
export function parseInlineOptions(reader: PatternReader): void {
	let on = true;
	for (const letter of reader.takeMatch(OPTION_LETTERS)) {
		const option = LETTERS[letter.toLowerCase()];
		if (option === undefined) on = letter === '+';
		else reader.options = { ...reader.options, [option]: on };
	}
}
