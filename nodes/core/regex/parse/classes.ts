import { BLOCKS } from '../sets/blocks';
import { addCaseVariants } from '../sets/case-variants';
import { GENERAL_CATEGORY, unitsOfCategory } from '../sets/categories';
import { UnitSet } from '../sets/unit-set';
import { parseUnitEscape } from './escapes';
import type { PatternReader } from './reader';

const SET_LETTER = /[dwsp]/iy;
const PROPERTY_NAME = /[\w-]*/y;
/** A hyphen that makes a range of the unit before it. */
const RANGE = /-(?=[^\]])/y;
const ESCAPED_HYPHEN = /\\-/y;
const CASED_LETTERS = ['Lu', 'Ll', 'Lt'];

/** Reads `d`, `w`, `s` or `p{name}` behind a backslash; their capitals stand for all other units. */
export function parseSetEscape(reader: PatternReader): UnitSet | undefined {
	const letter = reader.takeMatch(SET_LETTER);
	if (letter === '') return undefined;
	const name = letter.toLowerCase();
	const isNegated = letter !== name;
	if (name === 'p') return parseProperty(reader, isNegated);
	const units = unitsOfCategory(name);
	return isNegated ? units.complement() : units;
}

function parseProperty(reader: PatternReader, isNegated: boolean): UnitSet {
	const start = reader.position - 2;
	if (!reader.take('{')) {
		throw reader.error('"\\p" needs a name in braces', start, 'Write \\p{L}.');
	}
	const name = reader.takeMatch(PROPERTY_NAME);
	if (!reader.take('}')) throw reader.error('"\\p{" is not closed', start);
	const block = BLOCKS.get(name);
	if (block === undefined && !GENERAL_CATEGORY.test(name)) {
		throw reader.error(
			`"${name}" is neither a Unicode category nor a block of .NET`,
			start,
			'Use a category such as L, Lu or Nd, or a block such as IsCyrillic; .NET knows no scripts and no long names.',
		);
	}
	// With IgnoreCase any of the three stands for all cased letters.
	const isCased = reader.options.ignoreCase === true && CASED_LETTERS.includes(name);
	const named =
		block === undefined ? unitsOfCategory(isCased ? 'casedLetter' : name) : UnitSet.of(block);
	const units = isNegated ? named.complement() : named;
	return block === undefined ? units : withVariants(reader, units);
}

/** With IgnoreCase listed units stand for their variants of case, too. */
function withVariants({ options }: PatternReader, units: UnitSet): UnitSet {
	if (options.ignoreCase === true) addCaseVariants(units);
	return units;
}

/** Reads a character class behind its `[`. */
export function parseClass(reader: PatternReader): UnitSet {
	const start = reader.position - 1;
	const isNegated = reader.take('^');
	const listed = new UnitSet();
	let named: UnitSet | undefined;
	let subtracted: UnitSet | undefined;
	for (let isFirst = true; isFirst || !reader.take(']'); isFirst = false) {
		if (reader.peek() === '') {
			throw reader.error('a character class "[" is not closed', start, 'Write \\[ for a bracket.');
		}
		if (!isFirst && reader.take('-[')) subtracted = parseSubtracted(reader, start);
		else {
			// An escaped hyphen begins no range.
			const isHyphen = reader.isAt(ESCAPED_HYPHEN);
			const from = parseMember(reader);
			if (typeof from !== 'number') named = from.union(named);
			else if (isHyphen || reader.takeMatch(RANGE) === '') listed.add(from);
			else if (reader.take('[')) {
				listed.add(from);
				subtracted = parseSubtracted(reader, start);
			} else listed.add(from, parseRangeEnd(reader, from));
		}
	}
	const units = withVariants(reader, listed).union(named);
	return (isNegated ? units.complement() : units).without(subtracted);
}

/** Reads the class behind `-[`, which must be the last thing in another one. */
function parseSubtracted(reader: PatternReader, start: number): UnitSet {
	const subtracted = reader.nest(start, () => parseClass(reader));
	if (reader.peek() === '' || reader.peek() === ']') return subtracted;
	throw reader.error('a subtracted class must be the last thing in its class');
}

/** Reads one unit, or an escape for a set of them. */
function parseMember(reader: PatternReader): number | UnitSet {
	const isEscape = reader.take('\\');
	const set = isEscape ? parseSetEscape(reader) : undefined;
	return set ?? reader.explicit(isEscape ? parseUnitEscape(reader) : reader.next().charCodeAt(0));
}

function parseRangeEnd(reader: PatternReader, from: number): number {
	const start = reader.position;
	const to = parseMember(reader);
	if (typeof to !== 'number') {
		throw reader.error(`"${reader.source.slice(start, start + 2)}" cannot end a range`, start);
	}
	if (from <= to) return to;
	throw reader.error('the ends of a range are in reverse order', reader.position - 1);
}
