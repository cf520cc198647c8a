/*
 * Sets of UTF-16 units, one bit each: categories.ts knows what .NET has names for, case-variants.ts what IgnoreCase takes for
 * the same.
 */

export const LAST_UNIT = 0xffff;

/** A set of UTF-16 units with a quick test of membership. */
export class UnitSet {
	private readonly words = new Uint32Array((LAST_UNIT + 1) / 32);
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

	/** Adds the units of a range. */
	add(from: number, to = from): void {
		for (let unit = from; unit <= to; unit += 1) {
			this.bytes[unit >> 3] = (this.bytes[unit >> 3] ?? 0) | (1 << (unit & 7));
		}
	}

	/** The units that are not taken. */
	complement(): UnitSet {
		return this.combine(this, (word) => ~word);
	}

	union(other: UnitSet | undefined): UnitSet {
		return other === undefined ? this : this.combine(other, (word, others) => word | others);
	}

	without(other: UnitSet | undefined): UnitSet {
		return other === undefined ? this : this.combine(other, (word, others) => word & ~others);
	}

	/** Whether every unit is also in another set. */
	isWithin(other: UnitSet): boolean {
		return this.words.every((word, index) => (word & ~(other.words[index] ?? 0)) === 0);
	}

	/** The unit that alone is taken; undefined where several are, or none. */
	get only(): number | undefined {
		const index = this.words.findIndex((word) => word !== 0);
		const word = this.words[index] ?? 0;
		const isOnly = (word & (word - 1)) === 0 && !this.words.some((more, at) => at > index && more);
		return word !== 0 && isOnly ? 32 * index + 31 - Math.clz32(word) : undefined;
	}

	private combine(other: UnitSet, join: (word: number, others: number) => number): UnitSet {
		const result = new UnitSet();
		for (let index = 0; index < this.words.length; index += 1) {
			result.words[index] = join(this.words[index] ?? 0, other.words[index] ?? 0);
		}
		return result;
	}
}

/** The sets of one pattern, each kept once: a long pattern lists the same ones over and over, and one takes 8 KiB. */
export class UnitSets {
	private readonly known = new Map<string, UnitSet>();

	/** The set of a name, made when it is first asked for. */
	of(name: string, make: () => UnitSet): UnitSet {
		const set = this.known.get(name) ?? make();
		this.known.set(name, set);
		return set;
	}

	/** The set of one unit. */
	ofUnit(unit: string): UnitSet {
		return this.of(unit, () => UnitSet.of([unit.charCodeAt(0), unit.charCodeAt(0)]));
	}
}
