import type { Instruction, Kind } from '../engine/machine';
import type { UnitSet, UnitSets } from '../sets/character-sets';
import { rangesOfCategory } from '../sets/categories';
import { areDisjoint, includes, subtract, union, type Ranges } from '../sets/ranges';

const LINE_FEED = 0x0a;
const TAKING: ReadonlySet<Kind> = new Set(['literal', 'set', 'run', 'lazyRun']);
const PASSING: ReadonlySet<Kind> = new Set(['open', 'close', 'assertion']);
/** So many instructions of a way are looked at. */
const NEAR = 64;

/**
 * Tells the instructions of a program what follows them: a choice need not try a way that cannot begin here, and a run
 * gives back only to where the rest may begin, or never.
 */
export function lookAhead(instructions: readonly Instruction[], sets: UnitSets): void {
	for (const self of instructions.filter(({ back }) => !back)) {
		if (self.kind === 'split') {
			self.first = firstOf(self.next, sets, NEAR);
			self.otherFirst = firstOf(self.other ?? self.next, sets, NEAR);
		}
		if (self.kind === 'run' || self.kind === 'lazyRun') {
			self.first = firstOf(self.next, sets, NEAR);
			const { kind, literal } = followerOf(self);
			self.literal = kind === 'literal' ? literal : '';
			if (self.kind === 'run') self.flag = keepsAll(self);
		}
	}
	forgetStatesBefore(instructions);
}

/** The units that a way may begin with; undefined where it may match nothing, or is not clear enough. */
export function firstOf(start: Instruction, sets: UnitSets, most: number): UnitSet | undefined {
	const ways = [start];
	const seen = new Set(ways);
	const found = new Set<Ranges>();
	for (const self of ways) {
		const further = beginningOf(self, found, sets);
		if (further === undefined || seen.size > most) return undefined;
		for (const way of further) {
			if (!seen.has(way)) ways.push(way);
			seen.add(way);
		}
	}
	const [only, ...others] = found;
	if (only === undefined) return undefined;
	return sets.ofRanges(others.length === 0 ? only : union([...found]));
}

/** Adds what an instruction begins with, and returns where else the way may begin. */
function beginningOf(
	self: Instruction,
	found: Set<Ranges>,
	sets: UnitSets,
): readonly Instruction[] | undefined {
	const { kind, set, next, other, third } = self;
	if (kind === 'literal') found.add(sets.ofUnit(self.literal.charCodeAt(0)).ranges);
	if (TAKING.has(kind) && set !== undefined) found.add(set.ranges);
	if (TAKING.has(kind)) return self.min === 0 ? [next] : [];
	if (PASSING.has(kind)) return [next];
	if (kind === 'split') return [next, other ?? next];
	// What looks around takes nothing.
	if (kind === 'body')
		return self.flag ? [next] : [other, third].filter((way) => way !== undefined);
	return undefined;
}

/** What follows an instruction, captures left out. */
function followerOf(self: Instruction): Instruction {
	const { next } = self;
	return next.kind === 'open' || next.kind === 'close' ? followerOf(next) : next;
}

/** Whether a run never gives back: what follows cannot begin with a unit of it. */
function keepsAll(run: Instruction): boolean {
	const { set, min } = run;
	if (set === undefined) return false;
	const { kind, assertion } = followerOf(run);
	if (kind === 'match' || kind === 'bodyEnd' || assertion === 'textEnd') return true;
	if (assertion === 'lineEnd' || assertion === 'finalLine') return !includes(set.ranges, LINE_FEED);
	if (assertion === 'boundary' && min > 0) {
		return subtract(set.ranges, rangesOfCategory('boundaryWord')).length === 0;
	}
	return run.first !== undefined && areDisjoint(set.ranges, run.first.ranges);
}

/** Takes the states from all instructions before one that looks at captures: there a position does not tell what follows. */
function forgetStatesBefore(instructions: readonly Instruction[]): void {
	const reaches = new Set(instructions.filter(looksAtCaptures));
	if (reaches.size === 0) return;
	for (let before = -1; before !== reaches.size;) {
		before = reaches.size;
		for (const self of instructions.toReversed()) {
			const ways = [self.kind === 'bodyEnd' ? undefined : self.next, self.other, self.third];
			if (ways.some((way) => way !== undefined && reaches.has(way))) reaches.add(self);
		}
	}
	for (const self of reaches) self.state = -1;
}

function looksAtCaptures({ kind, popped }: Instruction): boolean {
	return kind === 'reference' || kind === 'test' || (kind === 'balance' && popped >= 0);
}
