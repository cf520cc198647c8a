import { BLOCKS } from '../sets/blocks';
import { hasCaseVariants } from '../sets/case-variants';
import { isCategory } from '../sets/categories';
import { LAST_UNIT } from '../sets/unit-set';
import { parseUnitEscape } from './escapes';
import type { PatternReader } from './reader';
import type { CharacterSet, SetItem } from '../syntax-tree';

/** The shorthand classes `\d \w \s`; their capitals are the complements. */
export const SHORTHANDS: Readonly<Record<string, string>> = { d: 'digit', w: 'word', s: 'space' };
const PROPERTY_NAME = /[\w-]*/y;
const CASED_LETTERS = ['Lu', 'Ll', 'Lt'];

/** Reads `{name}` behind `\p` or `\P`. */
export function parseProperty(reader: PatternReader, negated: boolean): SetItem[] {
	const start = reader.position - 2;
	if (!reader.take('{')) {
		throw reader.error('"\\p" needs a name in braces', start, 'Write \\p{L}.');
	}
	const category = reader.takeMatch(PROPERTY_NAME);
	if (!reader.take('}')) throw reader.error('"\\p{" is not closed', start);
	const block = BLOCKS.get(category);
	if (block !== undefined) {
		const [from, to] = block;
		if (!negated) return [{ from, to }];
		const others = [
			{ from: 0, to: from - 1 },
			{ from: to + 1, to: LAST_UNIT },
		];
		return others.filter((range) => range.from <= range.to);
	}
	if (!isCategory(category)) {
		throw reader.error(
			`"${category}" is neither a Unicode category nor a block of .NET`,
			start,
			'Use a category such as L, Lu or Nd, or a block such as IsCyrillic; .NET knows no scripts and no long names.',
		);
	}
	// With IgnoreCase any of the three stands for all cased letters; as alternatives they only work un-negated.
	if (reader.options.ignoreCase && CASED_LETTERS.includes(category)) {
		return [{ category: 'casedLetter', negated }];
	}
	return [{ category, negated }];
}

/** Reads a character class behind its `[`. */
export function parseClass(reader: PatternReader, start = reader.position - 1): CharacterSet {
	const negated = reader.take('^');
	const builder = new ClassBuilder(reader, start);
	while (!builder.closed) builder.step();
	const { items, except } = builder;
	return { items: resolveCase(reader, items), negated, ...(except !== undefined && { except }) };
}

/** With IgnoreCase the units of ranges stand for their variants of case, too. */
export function resolveCase(
	{ options }: PatternReader,
	items: readonly SetItem[],
): readonly SetItem[] {
	if (options.ignoreCase !== true) return items;
	return items.map((item) => {
		const isCased = 'from' in item && (item.from < item.to || hasCaseVariants(item.from));
		return isCased ? { ...item, ignoreCase: true } : item;
	});
}

/** One class while it is read; .NET decides by what stood before, hence the state. */
class ClassBuilder {
	readonly items: SetItem[] = [];
	except: CharacterSet | undefined;
	closed = false;
	private first = true;
	/** The lower end of a range whose upper end comes next. */
	private rangeFrom: number | undefined;

	constructor(
		private readonly reader: PatternReader,
		private readonly start: number,
	) {}

	step(): void {
		const { reader } = this;
		if (reader.atEnd) {
			throw reader.error(
				'a character class "[" is not closed',
				this.start,
				'Write \\[ for a bracket.',
			);
		}
		const character = reader.next();
		const first = this.first;
		this.first = false;
		if (character === ']' && !first) this.closed = true;
		else if (character === '\\') this.escape();
		else this.unit(reader.explicit(character.charCodeAt(0)), character, first);
	}

	private escape(): void {
		const { reader } = this;
		const letter = reader.peek();
		const category = SHORTHANDS[letter.toLowerCase()];
		const isProperty = letter === 'p' || letter === 'P';
		if (category !== undefined || isProperty) {
			if (this.rangeFrom !== undefined) {
				throw reader.error(`"\\${letter}" cannot end a range`, reader.position - 1);
			}
			reader.position += 1;
			if (isProperty) this.items.push(...parseProperty(reader, letter === 'P'));
			else if (category !== undefined) {
				this.items.push({ category, negated: letter !== letter.toLowerCase() });
			}
		} else if (letter === '-') {
			reader.position += 1;
			if (this.rangeFrom === undefined) this.items.push({ from: 0x2d, to: 0x2d });
			else this.endRange(0x2d);
		} else this.unit(parseUnitEscape(reader), undefined, false);
	}

	/** Takes one unit; `bare` is the character when it stands there unescaped. */
	private unit(unit: number, bare: string | undefined, first: boolean): void {
		const { reader } = this;
		if (this.rangeFrom !== undefined) {
			if (bare === '[') this.subtract(this.rangeFrom);
			else this.endRange(unit);
		} else if (reader.peek() === '-' && reader.peek(1) !== ']' && reader.peek(1) !== '') {
			this.rangeFrom = unit;
			reader.position += 1;
		} else if (bare === '-' && reader.peek() === '[' && !first) {
			reader.position += 1;
			this.subtract(undefined);
		} else this.items.push({ from: unit, to: unit });
	}

	private endRange(to: number): void {
		const from = this.rangeFrom ?? to;
		if (from > to) {
			throw this.reader.error('the ends of a range are in reverse order', this.reader.position - 1);
		}
		this.items.push({ from, to });
		this.rangeFrom = undefined;
	}

	private subtract(pending: number | undefined): void {
		const { reader } = this;
		if (pending !== undefined) this.items.push({ from: pending, to: pending });
		this.rangeFrom = undefined;
		reader.depth += 1;
		if (reader.depth > MAX_SUBTRACTIONS) {
			throw reader.error('classes are subtracted from each other too deeply', this.start);
		}
		this.except = parseClass(reader);
		reader.depth -= 1;
		if (!reader.atEnd && reader.peek() !== ']') {
			throw reader.error('a subtracted class must be the last thing in its class');
		}
	}
}

const MAX_SUBTRACTIONS = 200;
