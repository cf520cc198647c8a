import { foldCase } from '../sets/case-variants';
import { goTo, MATCHED } from './machine';
import type { Instruction, Machine, Operation, Retry } from './machine';
import { FAIL, NEW } from './memory';
import type { AssertionType } from '../syntax-tree';

/** Units of a run that count as one step. */
const RUN_SHIFT = 2;

/** Where a run of units of a set that begins at a position ends, with a limit of units. */
function endOfRun(text: string, { set }: Instruction, from: number, most: number): number {
	const end = most < text.length - from ? from + most : text.length;
	let at = from;
	while (at < end && set.has(text.charCodeAt(at))) at += 1;
	return at;
}

/**
 * Takes a run with a look at every place where it may end, and only as far as another run has not been. In a body of its
 * own each place is left open by itself, so that those which have failed are no longer on the stack when the body matches.
 */
function rememberedRun(machine: Machine, self: Instruction, from: number): number {
	const { text } = machine;
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
		if (machine.body < 0) continue;
		machine.leaveOpen(self, end, end);
		least = end + 1;
	}
}

/** Goes on from the last place, up to `end` and not before `least`, at which what follows may begin. */
const giveBack: Retry = (machine, self, end, least) => {
	const { begins } = self.next;
	let at = end;
	if (begins !== undefined) {
		const { text } = machine;
		while (at >= least && !(at < text.length && begins.has(text.charCodeAt(at)))) at -= 1;
		machine.steps += (end - at) >> RUN_SHIFT;
		if (at < least) return FAIL;
	}
	if (at > least) machine.leaveOpen(self, at - 1, least);
	return goTo(machine, self.next, at);
};

function isSameFolded(one: string, other: string): boolean {
	let at = 0;
	while (at < one.length && foldCase(one.charCodeAt(at)) === foldCase(other.charCodeAt(at)))
		at += 1;
	return at === other.length;
}

const isLineFeed = (text: string, position: number) => text[position] === '\n';
/** Whether a position has a word character on one side only; the set of the instruction is that of word characters. */
const isBoundary = ({ text }: Machine, at: number, { set: word }: Instruction) =>
	(at > 0 && word.has(text.charCodeAt(at - 1))) !==
	(at < text.length && word.has(text.charCodeAt(at)));

/** Operations that take units or look at them. */
export const UNITS = {
	match: {
		step: (machine, _, position) => {
			machine.end = position;
			return MATCHED;
		},
	},
	text: {
		step: (machine, self, position) => {
			const from = self.back ? position - self.text.length : position;
			if (from < 0 || !machine.text.startsWith(self.text, from)) return FAIL;
			return goTo(machine, self.next, self.back ? from : from + self.text.length);
		},
	},
	set: {
		step: (machine, self, position) => {
			const { text } = machine;
			const at = self.back ? position - 1 : position;
			if (at < 0 || at >= text.length || !self.set.has(text.charCodeAt(at))) return FAIL;
			return goTo(machine, self.next, self.back ? at : at + 1);
		},
	},
	/** Takes as many units of a set as there are, and leaves open to give some back. */
	run: {
		step: (machine, self, position) => {
			const { min, max } = self;
			if (max === Infinity && self.state >= 0 && machine.memory.isDue(machine.steps)) {
				return rememberedRun(machine, self, position);
			}
			const known = machine.recall(self, position);
			if (known !== NEW) return known;
			const end = endOfRun(machine.text, self, position, max);
			machine.steps += (end - position) >> RUN_SHIFT;
			return end < position + min ? FAIL : giveBack(machine, self, end, position + min);
		},
		retry: giveBack,
	},
	/** Takes again what a slot has captured; fails where it has captured nothing. */
	reference: {
		step: (machine, self, position) => {
			const captured = machine.captureOf(self.slot);
			if (captured === undefined) return FAIL;
			const { text } = machine;
			const from = self.back ? position - captured.length : position;
			if (from < 0) return FAIL;
			machine.steps += captured.length >> RUN_SHIFT;
			const found = text.slice(from, from + captured.length);
			if (found !== captured && !(self.flag && isSameFolded(found, captured))) return FAIL;
			return goTo(machine, self.next, self.back ? from : from + captured.length);
		},
	},
	/** Goes on where something holds that takes no units. */
	assertion: {
		step: (machine, self, position) =>
			self.holds(machine, position, self) ? goTo(machine, self.next, position) : FAIL,
	},
} satisfies Record<string, Operation>;

/** What assertions ask for. */
export const ASSERTIONS: Readonly<Record<AssertionType, Instruction['holds']>> = {
	textStart: (_, at) => at === 0,
	searchStart: ({ searchStart }, at) => at === searchStart,
	textEnd: ({ text }, at) => at === text.length,
	lineStart: ({ text }, at) => at === 0 || isLineFeed(text, at - 1),
	lineEnd: ({ text }, at) => at === text.length || isLineFeed(text, at),
	finalLine: ({ text }, at) =>
		at === text.length || (at === text.length - 1 && isLineFeed(text, at)),
	boundary: isBoundary,
	notBoundary: (machine, at, self) => !isBoundary(machine, at, self),
};
