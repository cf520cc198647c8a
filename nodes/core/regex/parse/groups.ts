import { isBoundaryWordCharacter } from './escapes';
import type { PatternOptions, PatternReader } from './reader';
import type { CaptureNode, LookNode, PatternNode } from '../syntax-tree';

/** What an opening parenthesis opens. */
export type GroupOpening =
	| { readonly kind: 'plain' }
	| { readonly kind: 'atomic' }
	| Omit<CaptureNode, 'body'>
	| Omit<LookNode, 'body'>
	/** `(?(`: with the slot that is asked for, or without where a condition follows. */
	| { readonly kind: 'condition'; readonly slot: number | undefined };

const CONSTRUCTS: readonly (readonly [string, GroupOpening])[] = [
	[':', { kind: 'plain' }],
	['>', { kind: 'atomic' }],
	['=', { kind: 'look', behind: false, negative: false }],
	['!', { kind: 'look', behind: false, negative: true }],
	['<=', { kind: 'look', behind: true, negative: false }],
	['<!', { kind: 'look', behind: true, negative: true }],
];

const FOREIGN: readonly (readonly [RegExp, string, string])[] = [
	[/#/y, 'a comment "(?#" is not closed', 'End it with a parenthesis.'],
	[/P[<']/y, '"(?P<" is not .NET', 'Write (?<name>...) instead of (?P<name>...).'],
	[/P=/y, '"(?P=" is not .NET', 'Write \\k<name> instead of (?P=name).'],
	[/P>|&/y, 'a call of a group is not .NET', 'Repeat the group in full.'],
	[/R|\d/y, 'recursion is not .NET', 'Write out the depth that is needed.'],
	[/\|/y, '"(?|" is not .NET', 'Give the groups of the alternatives the same name.'],
];

const OPTIONS: Readonly<Record<string, keyof PatternOptions>> = {
	i: 'ignoreCase',
	m: 'multiline',
	n: 'explicitCapture',
	s: 'singleline',
	x: 'ignorePatternWhitespace',
};
/** What makes a group more than a pair of parentheses. */
const SPECIAL = /\?(?!\))/y;
const OPTION_LETTERS = /[-+imnsx]*/iy;
const NAMED_REFERENCE = /k?[<']/y;
const DIGITS = /\d+/y;
const ABOVE_ZERO = /[1-9]/y;
const NO_CONDITION = /\(\?(?:#|'|<(?![=!]))/y;

/** Reads what stands behind an opening parenthesis, up to where its contents begin; all of `(?i)`, which opens nothing. */
export function parseGroupOpening(reader: PatternReader): GroupOpening | undefined {
	const start = reader.position - 1;
	if (!reader.isAt(SPECIAL)) {
		const { skipsCapture } = reader;
		reader.skipsCapture = undefined;
		if (reader.options.explicitCapture) return { kind: 'plain' };
		if (skipsCapture !== 'uncounted') reader.groups.declared.push(undefined);
		if (skipsCapture !== undefined) return { kind: 'plain' };
		reader.groups.unnamed += 1;
		return { kind: 'capture', slot: reader.groups.unnamed, popped: undefined };
	}
	reader.position += 1;
	const construct = CONSTRUCTS.find(([text]) => reader.take(text));
	if (construct !== undefined) return construct[1];
	if (reader.take('<')) return parseNamedGroup(reader, start, '>');
	if (reader.take("'")) return parseNamedGroup(reader, start, "'");
	if (reader.take('(')) return parseCondition(reader, start);
	return parseOptionsGroup(reader, start);
}

/** Reads options, which hold from here on or in a group. */
function parseOptionsGroup(reader: PatternReader, start: number): GroupOpening | undefined {
	for (const [form, problem, hint] of FOREIGN) {
		if (reader.takeMatch(form) !== '') throw reader.error(problem, start, hint);
	}
	// Until the groups are known, a condition that names one looks like any other.
	if (reader.inConditional && reader.groups.complete && reader.peek() !== ':') {
		throw reader.error(
			'.NET takes no options directly in the alternatives of a condition "(?("',
			start,
			'Put them in a group: (?:(?i)...).',
		);
	}
	let on = true;
	for (const letter of reader.takeMatch(OPTION_LETTERS)) {
		const option = OPTIONS[letter.toLowerCase()];
		if (option === undefined) on = letter === '+';
		else reader.options = { ...reader.options, [option]: on };
	}
	if (reader.take(')')) return undefined;
	if (reader.take(':')) return { kind: 'plain' };
	throw reader.error('"(?" begins no group that .NET knows', start, 'Write \\( for a parenthesis.');
}

/** Reads `name>`, or `name-other>` and `-other>` of a balancing group. */
function parseNamedGroup(reader: PatternReader, start: number, close: string): GroupOpening {
	const nameStart = reader.position;
	const slot = reader.peek() === '-' ? undefined : parseOwnName(reader);
	const pops = reader.take('-');
	const popped = pops ? parseReferredName(reader) : undefined;
	if ((pops ? popped : slot) === undefined || !reader.take(close)) {
		throw reader.error(
			'the name of a group is not valid',
			nameStart,
			`A name has letters, digits and underscores, then ${close}.`,
		);
	}
	if (popped !== undefined && popped.slot === undefined) {
		throw reader.error(
			`a balancing group names the group ${popped.name}, which there is not`,
			start,
		);
	}
	return { kind: 'capture', slot, popped: popped?.slot };
}

function parseOwnName(reader: PatternReader): number | undefined {
	const { groups, position } = reader;
	const name = parseName(reader);
	if (name === undefined) return undefined;
	if (name === 0) throw reader.error('a group cannot have the number 0', position);
	// .NET does not count a group whose number begins with 0, but takes it where another has that number.
	if (reader.source[position] !== '0') groups.declared.push(name);
	else if (groups.slotOf(name) === undefined) {
		throw reader.error('the number of a group begins with 0', position, 'Leave the 0 out.');
	}
	return typeof name === 'number' ? name : (groups.slotOf(name) ?? 0);
}

/** Reads the name or number of a group that is referred to; its slot is undefined where there is no such group. */
function parseReferredName(reader: PatternReader) {
	const name = parseName(reader);
	return name === undefined ? undefined : { name: String(name), slot: reader.groups.slotOf(name) };
}

/** Reads a number, or as many characters as may stand in the name of a group. */
function parseName(reader: PatternReader): string | number | undefined {
	const start = reader.position;
	const digits = reader.takeMatch(DIGITS);
	if (digits !== '') return reader.toNumber(digits);
	while (isBoundaryWordCharacter(reader.peek())) reader.position += 1;
	return reader.position === start ? undefined : reader.source.slice(start, reader.position);
}

/** Reads `(?(`: with a number or the name of a group it asks for that, or else a condition follows. */
function parseCondition(reader: PatternReader, start: number): GroupOpening {
	const testStart = reader.position - 1;
	const isNumber = reader.isAt(DIGITS);
	const slot = parseReferredName(reader)?.slot;
	const isClosed = reader.take(')');
	if (isNumber && (!isClosed || slot === undefined)) {
		throw reader.error('the condition "(?(" names a group that there is not', start);
	}
	const isGroup = isNumber || (reader.groups.complete && isClosed);
	if (isGroup && slot !== undefined) return { kind: 'condition', slot };
	reader.position = testStart;
	if (reader.isAt(NO_CONDITION)) {
		throw reader.error('the condition of "(?(" can be neither a comment nor a named group', start);
	}
	return { kind: 'condition', slot: undefined };
}

/**
 * Reads `\1`, `\k<name>`, `\k'name'` or the old `\<name>`, behind the backslash; nothing when it is a character
 * after all, as `\12` is where there is no group 12.
 */
export function parseReference(reader: PatternReader): PatternNode | undefined {
	const start = reader.position;
	const isNumber = reader.isAt(ABOVE_ZERO);
	const opening = reader.takeMatch(NAMED_REFERENCE);
	if (!isNumber && opening === '') {
		if (reader.peek() !== 'k') return undefined;
		throw reader.error('"\\k" needs a name', start - 1, 'Write \\k<name>.');
	}
	const group = parseReferredName(reader);
	if (group !== undefined && (isNumber || reader.take(opening.endsWith('<') ? '>' : "'"))) {
		const { name, slot } = group;
		const ignoreCase = reader.options.ignoreCase === true;
		if (slot !== undefined) return { kind: 'backReference', slot, ignoreCase };
		if (!isNumber || name.length === 1) {
			throw reader.error(`a back-reference names the group ${name}, which there is not`, start - 1);
		}
	}
	reader.position = start;
	return undefined;
}
