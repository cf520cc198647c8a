import type { Instruction } from '../engine/machine';
import type { UnitSet } from '../sets/unit-set';
import type { UnitSets } from '../sets/unit-sets';

const ASSERTIONS = 'textStart searchStart textEnd lineStart lineEnd finalLine boundary notBoundary';
const PASSING = new Set(['open', 'close', ...ASSERTIONS.split(' ')]);
/** So many sets are made for one program; each takes 8 KiB. */
const MOST_UNIONS = 2000;

/** What the ways from instructions begin with; nothing where a way may match nothing, or is not clear enough. */
type Beginnings = ReadonlyMap<Instruction | undefined, UnitSet>;

/**
 * Tells the instructions of a program what follows them: a choice need not try a way that cannot begin here, and a run
 * gives back only to where the rest may begin, or never.
 *
 * @returns the units that a match may begin with, where it is known and there must be one
 */
export function lookAhead(
	instructions: readonly Instruction[],
	sets: UnitSets,
): UnitSet | undefined {
	const begins = findBeginnings(instructions, sets);
	for (const self of instructions.filter(({ back }) => !back)) {
		const { kind, next, other } = self;
		if (kind === 'split') {
			self.first = begins.get(next);
			self.otherFirst = begins.get(other);
		}
		if (kind === 'run' || kind === 'lazyRun') {
			self.first = begins.get(next);
			const follower = followerOf(self);
			if (follower.kind === 'literal') self.literal = follower.literal;
		}
	}
	forgetStatesBefore(instructions);
	return begins.get(instructions[0]);
}

function findBeginnings(instructions: readonly Instruction[], sets: UnitSets): Beginnings {
	const begins = new Map<Instruction | undefined, UnitSet>();
	let unions = 0;
	const either = (one: UnitSet | undefined, other: UnitSet | undefined) => {
		if (one === undefined || other === undefined || one.isWithin(other)) return one && other;
		if (other.isWithin(one)) return one;
		unions += 1;
		return unions > MOST_UNIONS ? undefined : one.union(other);
	};
	const beginningOf = (self: Instruction) => {
		const { kind, set, next, other, third } = self;
		if (kind === 'literal') return sets.ofUnit(self.literal.charAt(0));
		if (kind === 'set') return set;
		if (kind === 'run' || kind === 'lazyRun')
			return self.min > 0 ? set : either(set, begins.get(next));
		if (PASSING.has(kind)) return begins.get(next);
		if (kind === 'split' || kind === 'test') return either(begins.get(next), begins.get(other));
		if (kind !== 'body') return undefined;
		// What looks around takes nothing.
		if (self.flag) return begins.get(next);
		const [way, otherWay = way] = [other, third].filter((target) => target !== undefined);
		return either(begins.get(way), begins.get(otherWay));
	};
	// From the end, and again for what goes back to the start of a repeat.
	for (const self of [...instructions, ...instructions].reverse()) {
		const found = begins.get(self) ?? beginningOf(self);
		if (found !== undefined) begins.set(self, found);
	}
	return begins;
}

/** What follows an instruction, captures left out. */
function followerOf(self: Instruction): Instruction {
	const { next } = self;
	return next.kind === 'open' || next.kind === 'close' ? followerOf(next) : next;
}

/** Takes the states from all instructions before one that looks at captures: there a position does not tell what follows. */
function forgetStatesBefore(instructions: readonly Instruction[]): void {
	const reaches = new Set(instructions.filter(looksAtCaptures));
	for (let before = 0; before !== reaches.size;) {
		before = reaches.size;
		for (const self of instructions.toReversed()) {
			const ways = [self.kind === 'bodyEnd' ? undefined : self.next, self.other, self.third];
			if (ways.some((way) => way !== undefined && reaches.has(way))) reaches.add(self);
		}
	}
	for (const self of reaches) self.state = -1;
}

function looksAtCaptures({ kind, popped }: Instruction): boolean {
	return kind === 'reference' || kind === 'test' || popped >= 0;
}
