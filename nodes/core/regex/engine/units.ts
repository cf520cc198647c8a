import { foldCase } from '../sets/case-variants';
import type { UnitSet } from '../sets/unit-set';
import { FAIL, goOn, MATCHED, NEW, UNBOUNDED } from './machine';
import type { Instruction, Machine, Operation, Retry, Step } from './machine';

const LINE_FEED = 0x0a;
/** Units of a run that count as one step. */
const RUN_SHIFT = 2;

const match: Step = (machine, _, position) => {
	machine.end = position;
	return MATCHED;
};

const literal: Step = (machine, self, position) => {
	const { text } = machine;
	const { length } = self.literal;
	const from = self.back ? position - length : position;
	if (from < 0 || from + length > text.length) return FAIL;
	for (let i = 0; i < length; i += 1) {
		if (text.charCodeAt(from + i) !== self.literal.charCodeAt(i)) return FAIL;
	}
	return goOn(machine, self, self.back ? from : from + length);
};

const set: Step = (machine, self, position) => {
	const { text } = machine;
	const at = self.back ? position - 1 : position;
	if (at < 0 || at >= text.length || !self.set.has(text.charCodeAt(at))) return FAIL;
	return goOn(machine, self, self.back ? at : at + 1);
};

/** Where a run of units of a set that begins at a position ends, with a limit of units. */
function endOfRun(text: string, { set }: Instruction, from: number, most: number): number {
	const end = most < text.length - from ? from + most : text.length;
	let at = from;
	while (at < end && set.has(text.charCodeAt(at))) at += 1;
	return at;
}

/** Takes as many units of a set as there are, and leaves open to give some back. */
const run: Step = (machine, self, position) => {
	const { min, max } = self;
	if (max === UNBOUNDED && self.state >= 0 && machine.remembers)
		return rememberedRun(machine, self, position);
	const known = machine.recall(self, position);
	if (known !== NEW) return known;
	const end = endOfRun(machine.text, self, position, max);
	machine.steps += (end - position) >> RUN_SHIFT;
	if (end < position + min) return FAIL;
	return giveBack(machine, self, end, position + min);
};

/**
 * The same with a look at every place where the run may end, and only as far as another run has not been. In a body of its
 * own each place is left open by itself, so that those which have failed are no longer on the stack when the body matches.
 */
function rememberedRun(machine: Machine, self: Instruction, from: number): number {
	const { text } = machine;
	const leavesPlaces = machine.body >= 0;
	let least = from + self.min;
	machine.steps += self.min >> RUN_SHIFT;
	if (endOfRun(text, self, from, self.min) < least) return FAIL;
	for (let end = least; ; end += 1) {
		machine.steps += 1;
		const known = machine.recall(self, end);
		if (known === FAIL && end > least) return giveBack(machine, self, end - 1, least);
		if (known !== NEW) return known;
		if (end >= text.length || !self.set.has(text.charCodeAt(end))) {
			return giveBack(machine, self, end, least);
		}
		if (!leavesPlaces) continue;
		machine.leaveOpen(self, end, end);
		least = end + 1;
	}
}

/** Whether what follows a run may begin at a position. */
function mayFollow({ literal }: Instruction, first: UnitSet, text: string, at: number): boolean {
	if (at >= text.length || !first.has(text.charCodeAt(at))) return false;
	return literal.length < 2 || text.startsWith(literal, at);
}

/** Goes on from the last place, up to `end` and not before `least`, at which what follows may begin. */
const giveBack: Retry = (machine, self, end, least) => {
	const { first } = self;
	let at = end;
	if (first !== undefined) {
		while (at >= least && !mayFollow(self, first, machine.text, at)) at -= 1;
		machine.steps += (end - at) >> RUN_SHIFT;
		if (at < least) return FAIL;
	}
	if (at > least) machine.leaveOpen(self, at - 1, least);
	return goOn(machine, self, at);
};

/** Takes as few units of a set as possible, and leaves open to take more. */
const lazyRun: Step = (machine, self, position) => {
	const { min, max } = self;
	machine.steps += min >> RUN_SHIFT;
	const known = max === UNBOUNDED ? NEW : machine.recall(self, position);
	if (known !== NEW) return known;
	if (endOfRun(machine.text, self, position, min) < position + min) return FAIL;
	return takeMore(machine, self, position + min, max - min);
};

/** Goes on from the next place at which what follows may begin, if there are but units of the set before it. */
function takeMore(machine: Machine, self: Instruction, from: number, most: number): number {
	const { first, set, max } = self;
	const { text } = machine;
	const end = most < text.length - from ? from + most : text.length;
	for (let at = from; ; at += 1) {
		const known = max === UNBOUNDED ? machine.recall(self, at) : NEW;
		if (known !== NEW) return known;
		if (first === undefined || mayFollow(self, first, text, at)) {
			const left = most - (at - from);
			if (left > 0) machine.leaveOpen(self, at, left);
			return goOn(machine, self, at);
		}
		machine.steps += at & 3 ? 0 : 1;
		if (at >= end || !set.has(text.charCodeAt(at))) return FAIL;
	}
}

const lazyRunRetry: Retry = (machine, self, position, left) => {
	const { text } = machine;
	const isTaken = position < text.length && self.set.has(text.charCodeAt(position));
	return isTaken ? takeMore(machine, self, position + 1, left - 1) : FAIL;
};

/** Takes again what a slot has captured; fails where it has captured nothing. */
const reference: Step = (machine, self, position) => {
	const { text, registers } = machine;
	const start = registers[2 * self.slot] ?? -1;
	if (start < 0) return FAIL;
	const length = (registers[2 * self.slot + 1] ?? 0) - start;
	const from = self.back ? position - length : position;
	if (from < 0 || from + length > text.length) return FAIL;
	machine.steps += length >> RUN_SHIFT;
	for (let i = 0; i < length; i += 1) {
		const [captured, unit] = [text.charCodeAt(start + i), text.charCodeAt(from + i)];
		if (captured === unit) continue;
		if (!self.flag || foldCase(captured) !== foldCase(unit)) return FAIL;
	}
	return goOn(machine, self, self.back ? from : from + length);
};

const assertion = (
	holds: (machine: Machine, self: Instruction, position: number) => boolean,
): Operation => ({
	step: (machine, self, position) =>
		holds(machine, self, position) ? goOn(machine, self, position) : FAIL,
});

const isLineFeed = (text: string, position: number) => text.charCodeAt(position) === LINE_FEED;
/** Whether a position has a word character on one side only; the set of the instruction is that of word characters. */
const isBoundary = ({ text }: Machine, { set: word }: Instruction, at: number) =>
	(at > 0 && word.has(text.charCodeAt(at - 1))) !==
	(at < text.length && word.has(text.charCodeAt(at)));

/** Operations that take units or look at them. */
export const UNITS = {
	match: { step: match },
	literal: { step: literal },
	set: { step: set },
	run: { step: run, retry: giveBack },
	lazyRun: { step: lazyRun, retry: lazyRunRetry },
	reference: { step: reference },
	textStart: assertion((_, __, position) => position === 0),
	searchStart: assertion(({ searchStart }, _, position) => position === searchStart),
	textEnd: assertion(({ text }, _, position) => position === text.length),
	lineStart: assertion(({ text }, _, at) => at === 0 || isLineFeed(text, at - 1)),
	lineEnd: assertion(({ text }, _, at) => at === text.length || isLineFeed(text, at)),
	finalLine: assertion(
		({ text }, _, at) => at === text.length || (at === text.length - 1 && isLineFeed(text, at)),
	),
	boundary: assertion(isBoundary),
	notBoundary: assertion((machine, self, at) => !isBoundary(machine, self, at)),
} satisfies Record<string, Operation>;
