import { UnitSet } from './unit-set';

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
