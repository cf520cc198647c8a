import type { CharacterSet } from '../syntax-tree';
import { addCaseVariants } from './case-variants';
import { unitsOfCategory } from './categories';
import { UnitSet } from './unit-set';

/** The sets of one pattern, each made once. */
export class UnitSets {
	private readonly known = new Map<string, UnitSet>();

	of(set: CharacterSet): UnitSet {
		const key = JSON.stringify(set);
		const units = this.known.get(key) ?? this.make(set);
		this.known.set(key, units);
		return units;
	}

	ofUnit(unit: number): UnitSet {
		return this.of({ items: [{ from: unit, to: unit }] });
	}

	private make({ items, negated = false, except }: CharacterSet): UnitSet {
		let units = new UnitSet();
		const ranges = items.filter((item) => 'from' in item);
		for (const { from, to, ignoreCase } of ranges) if (ignoreCase === true) units.add(from, to);
		if (ranges.some(({ ignoreCase }) => ignoreCase)) addCaseVariants(units);
		for (const { from, to } of ranges) units.add(from, to);
		for (const item of items) {
			if ('from' in item) continue;
			const category = unitsOfCategory(item.category);
			units = units.union(item.negated ? category.complement() : category);
		}
		if (negated) units = units.complement();
		return except === undefined ? units : units.without(this.of(except));
	}
}
