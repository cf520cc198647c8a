import { parseGroupName } from './groups';
import { parseDecimal } from './quantifiers';
import type { PatternReader } from './reader';
import type { PatternNode } from '../syntax-tree';

const NAMED = /k?[<']/y;

/**
 * Reads `\1`, `\k<name>`, `\k'name'` or the old `\<name>`, behind the backslash; nothing when it is a character
 * after all, as `\12` is where there is no group 12.
 */
export function parseReference(reader: PatternReader): PatternNode | undefined {
	const start = reader.position;
	const opening = reader.takeMatch(NAMED);
	if (opening !== '') {
		const slot = parseName(reader, start, opening.endsWith('<') ? '>' : "'");
		if (slot !== undefined) return toReference(reader, slot);
	} else if (reader.peek() === 'k') {
		throw reader.error('"\\k" needs a name', start - 1, 'Write \\k<name>.');
	} else if (/^[1-9]$/.test(reader.peek())) {
		const slot = parseDecimal(reader);
		if (reader.groups.hasSlot(slot)) return toReference(reader, slot);
		if (slot <= 9) throw unknownGroup(reader, start, String(slot));
	}
	reader.position = start;
	return undefined;
}

function parseName(reader: PatternReader, start: number, close: string): number | undefined {
	const nameStart = reader.position;
	const isNumber = /^\d$/.test(reader.peek());
	const number = isNumber ? parseDecimal(reader) : undefined;
	if (!isNumber && parseGroupName(reader) === '') return undefined;
	const name = reader.source.slice(nameStart, reader.position);
	if (!reader.take(close)) return undefined;
	if (!reader.groups.complete) return 0;
	const slot = number ?? reader.groups.slotOfName(name);
	if (slot === undefined || !reader.groups.hasSlot(slot)) throw unknownGroup(reader, start, name);
	return slot;
}

function unknownGroup(reader: PatternReader, start: number, name: string): Error {
	return reader.error(`a back-reference names the group ${name}, which there is not`, start - 1);
}

function toReference(reader: PatternReader, slot: number): PatternNode {
	return { kind: 'backReference', slot, ignoreCase: reader.options.ignoreCase };
}
