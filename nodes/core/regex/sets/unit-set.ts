/*
 * Sets of UTF-16 units, one bit each: unit-sets.ts makes them of what a pattern lists, with the categories, blocks and
 * variants of case as .NET knows them.
 */

export const LAST_UNIT = 0xffff;
const WORDS = (LAST_UNIT + 1) / 32;
const FULL = 0xffff_ffff;
const isPartial = (word: number): boolean => word !== FULL;

/** A set of UTF-16 units with a quick test of membership. */
export class UnitSet {
	private readonly words = new Uint32Array(WORDS);
	private readonly bytes = new Uint8Array(this.words.buffer);

	static of(...ranges: readonly (readonly [from: number, to: number])[]): UnitSet {
		const set = new UnitSet();
		for (const [from, to] of ranges) set.add(from, to);
		return set;
	}

	/** Whether a unit is taken; not to be asked for what is outside of a text. */
	has(unit: number): boolean {
		return (((this.bytes[unit >> 3] ?? 0) >> (unit & 7)) & 1) === 1;
	}

	/** Adds the units of a range, which may be empty. */
	add(from: number, to: number): void {
		if (from > to) return;
		const [first, last] = [from >> 5, to >> 5];
		const [head, tail] = [(FULL << (from & 31)) >>> 0, FULL >>> (31 - (to & 31))];
		if (first === last) this.words[first] = (this.words[first] ?? 0) | (head & tail);
		else {
			this.words[first] = (this.words[first] ?? 0) | head;
			this.words.fill(FULL, first + 1, last);
			this.words[last] = (this.words[last] ?? 0) | tail;
		}
	}

	/** The units that are not taken. */
	complement(): UnitSet {
		return this.combine(this, (word) => ~word);
	}

	union(other: UnitSet): UnitSet {
		return this.combine(other, (word, others) => word | others);
	}

	without(other: UnitSet): UnitSet {
		return this.combine(other, (word, others) => word & ~others);
	}

	/** Whether every unit is also in another set. */
	isWithin(other: UnitSet): boolean {
		return this.leavesNothing(other, (word, others) => word & ~others);
	}

	/** Whether no unit is also in another set. */
	isApartFrom(other: UnitSet): boolean {
		return this.leavesNothing(other, (word, others) => word & others);
	}

	/** The one unit that is not taken, as a text to look for; empty where all are, undefined where several are not. */
	findStop(): string | undefined {
		const index = this.words.findIndex(isPartial);
		if (index === -1) return '';
		const missing = ~(this.words[index] ?? 0) >>> 0;
		const isOnly = (missing & (missing - 1)) === 0 && this.words.findLastIndex(isPartial) === index;
		return isOnly ? String.fromCharCode(32 * index + 31 - Math.clz32(missing)) : undefined;
	}

	private leavesNothing(other: UnitSet, join: (word: number, others: number) => number): boolean {
		for (let index = 0; index < WORDS; index += 1) {
			if (join(this.words[index] ?? 0, other.words[index] ?? 0) !== 0) return false;
		}
		return true;
	}

	private combine(other: UnitSet, join: (word: number, others: number) => number): UnitSet {
		const result = new UnitSet();
		for (let index = 0; index < WORDS; index += 1) {
			result.words[index] = join(this.words[index] ?? 0, other.words[index] ?? 0);
		}
		return result;
	}
}
