import { foldCase } from '../sets/case-variants';
import type { UnitSet } from '../sets/character-sets';
import {
	FAIL,
	goOn,
	Instruction,
	MATCHED,
	UNBOUNDED,
	type Kind,
	type Machine,
	type Retry,
	type Step,
} from './machine';

const LINE_FEED = 0x0a;
/** Units of a run that count as one step. */
const RUN_SHIFT = 2;

const matchStep: Step = (machine, _, position) => {
	machine.end = position;
	return MATCHED;
};

const literalStep: Step = (machine, self, position) => {
	const { literal } = self;
	const { text } = machine;
	if (position + literal.length > text.length) return FAIL;
	for (let i = 0; i < literal.length; i += 1) {
		if (text.charCodeAt(position + i) !== literal.charCodeAt(i)) return FAIL;
	}
	return goOn(machine, self, position + literal.length);
};

const literalBackStep: Step = (machine, self, position) => {
	const start = position - self.literal.length;
	if (start < 0 || !machine.text.startsWith(self.literal, start)) return FAIL;
	return goOn(machine, self, start);
};

const setStep: Step = (machine, self, position) => {
	const { text } = machine;
	const isTaken = position < text.length && self.set?.has(text.charCodeAt(position)) === true;
	return isTaken ? goOn(machine, self, position + 1) : FAIL;
};

const setBackStep: Step = (machine, self, position) => {
	const { text } = machine;
	const isTaken = position > 0 && self.set?.has(text.charCodeAt(position - 1)) === true;
	return isTaken ? goOn(machine, self, position - 1) : FAIL;
};

/** How many units of a set follow a position, up to a limit. */
function countAhead(text: string, set: UnitSet, from: number, most: number): number {
	const end = most < text.length - from ? from + most : text.length;
	const { stop } = set;
	if (stop !== undefined && most === UNBOUNDED) {
		const found = stop === '' ? -1 : text.indexOf(stop, from);
		return (found === -1 || found > end ? end : found) - from;
	}
	let at = from;
	while (at < end && set.has(text.charCodeAt(at))) at += 1;
	return at - from;
}

/** How many units of a set stand before a position, up to a limit. */
function countBehind(text: string, set: UnitSet, from: number, most: number): number {
	const end = Math.max(0, from - most);
	let at = from;
	while (at > end && set.has(text.charCodeAt(at - 1))) at -= 1;
	return from - at;
}

/** Takes as many units of a set as there are, and leaves open to give some back. */
const runStep: Step = (machine, self, position) => {
	const { set, min, max } = self;
	if (set === undefined) return FAIL;
	if (max === UNBOUNDED && self.state >= 0 && machine.remembers) {
		return rememberedRun(machine, self, set, position);
	}
	if (max < UNBOUNDED && machine.isKnown(self, position)) return FAIL;
	const count = countAhead(machine.text, set, position, max);
	machine.steps += count >> RUN_SHIFT;
	if (count < min) return FAIL;
	const end = position + count;
	if (self.flag || count === min) return goOn(machine, self, end);
	return giveBack(machine, self, end, position + min);
};

/** The same with a look at every place where the run may end, and only as far as another run has not been. */
function rememberedRun(machine: Machine, self: Instruction, set: UnitSet, from: number): number {
	const { text } = machine;
	const first = from + self.min;
	machine.steps += self.min >> RUN_SHIFT;
	if (countAhead(text, set, from, self.min) < self.min) return FAIL;
	if (machine.isKnown(self, first)) return FAIL;
	let end = first;
	while (end < text.length && set.has(text.charCodeAt(end))) {
		if (machine.isKnown(self, end + 1)) {
			// A run that never gives back ends where the other one did.
			if (self.flag) return FAIL;
			break;
		}
		end += 1;
	}
	machine.steps += end - from;
	if (self.flag || end === first) return goOn(machine, self, end);
	return giveBack(machine, self, end, first);
}

/** Whether what follows a run may begin at a position. */
function mayFollow({ literal }: Instruction, first: UnitSet, text: string, at: number): boolean {
	if (at >= text.length || !first.has(text.charCodeAt(at))) return false;
	return literal.length < 2 || text.startsWith(literal, at);
}

/** Goes on from the last place, up to `end` and not before `least`, at which what follows may begin. */
function giveBack(machine: Machine, self: Instruction, end: number, least: number): number {
	const { first } = self;
	const { text } = machine;
	let at = end;
	if (first !== undefined) {
		while (at >= least && !mayFollow(self, first, text, at)) at -= 1;
		machine.steps += (end - at) >> RUN_SHIFT;
		if (at < least) return FAIL;
	}
	if (at > least) machine.leaveOpen(self, at - 1, least);
	return goOn(machine, self, at);
}

const runRetry: Retry = (machine, self, end, least) => giveBack(machine, self, end, least);

const runBackStep: Step = (machine, self, position) => {
	const { set, min, max } = self;
	if (set === undefined) return FAIL;
	const count = countBehind(machine.text, set, position, max);
	machine.steps += count >> RUN_SHIFT;
	if (count < min) return FAIL;
	if (count > min) machine.leaveOpen(self, position - count + 1, position - min);
	return goOn(machine, self, position - count);
};

const runBackRetry: Retry = (machine, self, position, least) => {
	if (position < least) machine.leaveOpen(self, position + 1, least);
	return goOn(machine, self, position);
};

/** Takes as few units of a set as possible, and leaves open to take more. */
const lazyRunStep: Step = (machine, self, position) => {
	const { set, min, max } = self;
	machine.steps += min >> RUN_SHIFT;
	if (set === undefined || (max < UNBOUNDED && machine.isKnown(self, position))) return FAIL;
	if (countAhead(machine.text, set, position, min) < min) return FAIL;
	return takeMore(machine, self, position + min, max - min);
};

/** Goes on from the next place at which what follows may begin, if there are but units of the set before it. */
function takeMore(machine: Machine, self: Instruction, from: number, most: number): number {
	const at = nextPlace(machine, self, from, most);
	if (at === FAIL) return FAIL;
	const left = most - (at - from);
	if (left > 0) machine.leaveOpen(self, at, left);
	return goOn(machine, self, at);
}

/** Where what follows a lazy run may begin next, or FAIL; every place is noted, once a search remembers. */
function nextPlace(machine: Machine, self: Instruction, from: number, most: number): number {
	const { first, set } = self;
	const { text } = machine;
	const end = most < text.length - from ? from + most : text.length;
	const isKnown = (place: number) => self.max === UNBOUNDED && machine.isKnown(self, place);
	let at = isKnown(from) ? FAIL : from;
	while (at >= 0 && first !== undefined && !mayFollow(self, first, text, at)) {
		const isOver = at >= end || set?.has(text.charCodeAt(at)) !== true;
		machine.steps += at & 3 ? 0 : 1;
		at += 1;
		if (isOver || isKnown(at)) at = FAIL;
	}
	return at;
}

const lazyRunRetry: Retry = (machine, self, position, left) => {
	const { text } = machine;
	const isTaken = position < text.length && self.set?.has(text.charCodeAt(position)) === true;
	return isTaken ? takeMore(machine, self, position + 1, left - 1) : FAIL;
};

const lazyRunBackStep: Step = (machine, self, position) => {
	const { set, min, max } = self;
	machine.steps += min >> RUN_SHIFT;
	if (set === undefined || countBehind(machine.text, set, position, min) < min) return FAIL;
	if (max > min) machine.leaveOpen(self, position - min, max - min);
	return goOn(machine, self, position - min);
};

const lazyRunBackRetry: Retry = (machine, self, position, left) => {
	if (position === 0 || self.set?.has(machine.text.charCodeAt(position - 1)) !== true) return FAIL;
	if (left > 1) machine.leaveOpen(self, position - 1, left - 1);
	return goOn(machine, self, position - 1);
};

/** Takes again what a slot has captured; fails where it has captured nothing. */
const referenceStep =
	(back: boolean): Step =>
	(machine, self, position) => {
		const { text, registers } = machine;
		const start = registers[2 * self.slot] ?? -1;
		if (start < 0) return FAIL;
		const length = (registers[2 * self.slot + 1] ?? 0) - start;
		const from = back ? position - length : position;
		if (from < 0 || from + length > text.length) return FAIL;
		machine.steps += length >> RUN_SHIFT;
		for (let i = 0; i < length; i += 1) {
			const [captured, unit] = [text.charCodeAt(start + i), text.charCodeAt(from + i)];
			if (captured === unit) continue;
			if (!self.flag || foldCase(captured) !== foldCase(unit)) return FAIL;
		}
		return goOn(machine, self, back ? from : from + length);
	};

const isLineFeed = (text: string, position: number) => text.charCodeAt(position) === LINE_FEED;
const isWord = ({ text }: Machine, { set }: Instruction, position: number) =>
	position >= 0 && position < text.length && set?.has(text.charCodeAt(position)) === true;

type Test = (machine: Machine, self: Instruction, position: number) => boolean;

const assertion =
	(holds: Test): Step =>
	(machine, self, position) =>
		holds(machine, self, position) ? goOn(machine, self, position) : FAIL;

/** What assertions do; `boundary` and `notBoundary` need the set of word characters. */
const ASSERTIONS = {
	textStart: assertion((_, __, position) => position === 0),
	searchStart: assertion(({ searchStart }, _, position) => position === searchStart),
	textEnd: assertion(({ text }, _, position) => position === text.length),
	lineStart: assertion(({ text }, _, at) => at === 0 || isLineFeed(text, at - 1)),
	lineEnd: assertion(({ text }, _, at) => at === text.length || isLineFeed(text, at)),
	finalLine: assertion(
		({ text }, _, at) => at === text.length || (at === text.length - 1 && isLineFeed(text, at)),
	),
	boundary: assertion(
		(machine, self, at) => isWord(machine, self, at - 1) !== isWord(machine, self, at),
	),
	notBoundary: assertion(
		(machine, self, at) => isWord(machine, self, at - 1) === isWord(machine, self, at),
	),
} as const;

type Make = () => Instruction;
/** An instruction for matching ahead, and the one for look-behind, which goes backwards. */
type Directions = readonly [ahead: Make, behind: Make];

const make =
	(kind: Kind, step: Step, retry?: Retry): Make =>
	() =>
		new Instruction(kind, step, retry);

export const createMatch = make('match', matchStep);
export const LITERAL: Directions = [make('literal', literalStep), make('literal', literalBackStep)];
export const SET: Directions = [make('set', setStep), make('set', setBackStep)];
export const RUN: Directions = [
	make('run', runStep, runRetry),
	make('run', runBackStep, runBackRetry),
];
export const LAZY_RUN: Directions = [
	make('lazyRun', lazyRunStep, lazyRunRetry),
	make('lazyRun', lazyRunBackStep, lazyRunBackRetry),
];
export const REFERENCE: Directions = [
	make('reference', referenceStep(false)),
	make('reference', referenceStep(true)),
];

export function createAssertion(type: keyof typeof ASSERTIONS): Instruction {
	const instruction = new Instruction('assertion', ASSERTIONS[type]);
	instruction.assertion = type;
	return instruction;
}
