import { isBoundaryWordCharacter } from './escapes';
import { parseInlineOptions, type PatternReader } from './reader';
import type { PatternNode } from '../syntax-tree';

/** What an opening parenthesis opens; `options` stands for `(?i)`, which opens nothing. */
export type GroupOpening =
	| { readonly kind: 'options' | 'plain' | 'atomic' }
	| { readonly kind: 'capture'; readonly slot?: number; readonly popped?: number }
	| { readonly kind: 'look'; readonly behind: boolean; readonly negative: boolean }
	/** `(?(`: with the slot that is asked for, or without where a condition follows. */
	| { readonly kind: 'condition'; readonly slot?: number };

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
const NAMED_REFERENCE = /k?[<']/y;

/** Reads what stands behind an opening parenthesis, up to where its contents begin. */
export function parseGroupOpening(reader: PatternReader): GroupOpening {
	const start = reader.position - 1;
	if (reader.peek() !== '?' || reader.peek(1) === ')') {
		const { skipsCapture } = reader;
		reader.skipsCapture = undefined;
		if (reader.options.explicitCapture) return { kind: 'plain' };
		if (skipsCapture !== 'uncounted') reader.groups.declared.push({});
		if (skipsCapture !== undefined) return { kind: 'plain' };
		return { kind: 'capture', slot: reader.groups.nextUnnamed() };
	}
	reader.position += 1;
	const construct = CONSTRUCTS.find(([text]) => reader.take(text));
	if (construct !== undefined) return construct[1];
	if (reader.take('<')) return parseNamedGroup(reader, start, '>');
	if (reader.take("'")) return parseNamedGroup(reader, start, "'");
	if (reader.peek() === '(') return parseCondition(reader, start);
	return parseOptionsGroup(reader, start);
}

function parseOptionsGroup(reader: PatternReader, start: number): GroupOpening {
	refuseForeign(reader, start);
	// Until the groups are known, a condition that names one looks like any other.
	if (!reader.inConditional || !reader.groups.complete) parseInlineOptions(reader);
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

/** Reads `name>`, or `name-other>` and `-other>` of a balancing group. */
function parseNamedGroup(reader: PatternReader, start: number, close: string): GroupOpening {
	const nameStart = reader.position;
	const slot = reader.peek() === '-' ? undefined : parseOwnName(reader);
	const pops = reader.take('-');
	const popped = pops ? parsePopped(reader, start) : undefined;
	if ((pops ? popped : slot) === undefined || !reader.take(close)) {
		throw reader.error(
			'the name of a group is not valid',
			nameStart,
			`A name has letters, digits and underscores, then ${close}.`,
		);
	}
	return {
		kind: 'capture',
		...(slot !== undefined && { slot }),
		...(popped !== undefined && { popped }),
	};
}

function parseOwnName(reader: PatternReader): number | undefined {
	const start = reader.position;
	if (!isDigit(reader.peek())) {
		const name = parseGroupName(reader);
		if (name === '') return undefined;
		reader.groups.declared.push({ name });
		return reader.groups.slotOfName(name) ?? 0;
	}
	const number = reader.takeNumber();
	if (number === 0) throw reader.error('a group cannot have the number 0', start);
	if (reader.source[start] !== '0') reader.groups.declared.push({ number });
	// .NET does not count a group whose number begins with 0, but takes it where another has that number.
	else if (!reader.groups.hasSlot(number)) {
		throw reader.error('the number of a group begins with 0', start, 'Leave the 0 out.');
	}
	return number;
}

function parsePopped(reader: PatternReader, start: number): number | undefined {
	const name = parseSlotName(reader);
	if (name === undefined || name.slot !== undefined) return name?.slot;
	throw reader.error(`a balancing group names the group ${name.text}, which there is not`, start);
}

/** Reads the name or number of a group that is referred to; its slot is undefined where there is no such group. */
function parseSlotName(reader: PatternReader): { text: string; slot?: number } | undefined {
	const start = reader.position;
	const number = isDigit(reader.peek()) ? reader.takeNumber() : undefined;
	if (number === undefined && parseGroupName(reader) === '') return undefined;
	const text = reader.source.slice(start, reader.position);
	if (!reader.groups.complete) return { text, slot: 0 };
	const slot = number ?? reader.groups.slotOfName(text);
	return slot === undefined || !reader.groups.hasSlot(slot) ? { text } : { text, slot };
}

/** Reads as many characters as may stand in the name of a group. */
function parseGroupName(reader: PatternReader): string {
	const start = reader.position;
	while (!reader.atEnd && isBoundaryWordCharacter(reader.peek())) reader.position += 1;
	return reader.source.slice(start, reader.position);
}

/** Reads `(?(`: with a number or the name of a group it asks for that, or else a condition follows. */
function parseCondition(reader: PatternReader, start: number): GroupOpening {
	const testStart = reader.position;
	reader.position += 1;
	const isNumber = isDigit(reader.peek());
	const name = parseSlotName(reader);
	const closed = reader.take(')');
	if (isNumber && (!closed || name?.slot === undefined)) {
		throw reader.error(`the condition "(?(" names a group that there is not`, start);
	}
	const isGroup = isNumber || (reader.groups.complete && closed);
	if (isGroup && name?.slot !== undefined) return { kind: 'condition', slot: name.slot };
	reader.position = testStart;
	if (/^\(\?(?:#|'|<(?![=!]))/.test(reader.source.slice(testStart, testStart + 4))) {
		throw reader.error('the condition of "(?(" can be neither a comment nor a named group', start);
	}
	return { kind: 'condition' };
}

/**
 * Reads `\1`, `\k<name>`, `\k'name'` or the old `\<name>`, behind the backslash; nothing when it is a character
 * after all, as `\12` is where there is no group 12.
 */
export function parseReference(reader: PatternReader): PatternNode | undefined {
	const start = reader.position;
	const opening = reader.takeMatch(NAMED_REFERENCE);
	if (opening !== '') {
		const name = parseSlotName(reader);
		if (name !== undefined && reader.take(opening.endsWith('<') ? '>' : "'")) {
			if (name.slot === undefined) throw unknownGroup(reader, start, name.text);
			return toReference(reader, name.slot);
		}
	} else if (reader.peek() === 'k') {
		throw reader.error('"\\k" needs a name', start - 1, 'Write \\k<name>.');
	} else if (/^[1-9]$/.test(reader.peek())) {
		const slot = reader.takeNumber();
		if (reader.groups.hasSlot(slot)) return toReference(reader, slot);
		if (slot <= 9) throw unknownGroup(reader, start, String(slot));
	}
	reader.position = start;
	return undefined;
}

function unknownGroup(reader: PatternReader, start: number, name: string): Error {
	return reader.error(`a back-reference names the group ${name}, which there is not`, start - 1);
}

function toReference(reader: PatternReader, slot: number): PatternNode {
	return { kind: 'backReference', slot, ignoreCase: reader.options.ignoreCase === true };
}

function isDigit(character: string): boolean {
	return /^[0-9]$/.test(character);
}
