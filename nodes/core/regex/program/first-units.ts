import type { Instruction } from '../engine/machine';
import type { UnitSet, UnitSets } from '../sets/unit-set';

/** So many sets are made for one program; each takes 8 KiB. */
const MOST_UNIONS = 2000;

/** Tells instructions, listed from the end of a program, what units the ways from them begin with. */
export function findBeginnings(instructions: readonly Instruction[], sets: UnitSets): void {
	let unions = 0;
	const either = (one: UnitSet | undefined, other: UnitSet | undefined) => {
		if (one === undefined || other === undefined || one.isWithin(other)) return one && other;
		if (other.isWithin(one)) return one;
		unions += 1;
		return unions > MOST_UNIONS ? undefined : one.union(other);
	};
	const beginningOf = (self: Instruction) => {
		const { kind, set } = self;
		if (kind === 'text') return sets.ofUnit(self.text.charAt(0));
		if (kind === 'reference') return undefined;
		if (kind === 'set' || (kind === 'run' && self.min > 0)) return set;
		const begins = waysOf(self).map((way) => way.begins);
		return (kind === 'run' ? [set, ...begins] : begins).reduce(either);
	};
	// Back and forth, since the start of a repeat follows its end.
	for (const self of [...instructions, ...instructions.toReversed(), ...instructions]) {
		if (!self.back) self.begins ??= beginningOf(self);
	}
}

/** Where an instruction that takes nothing may go on from its place. */
function waysOf({ kind, flag, next, other, third }: Instruction): readonly Instruction[] {
	const ways = kind !== 'body' ? [next, other] : flag ? [next] : [other, third];
	return ways.flatMap((way) => way ?? []);
}
