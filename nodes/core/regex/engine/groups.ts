import { FAIL, goOn, goTo, NEW } from './machine';
import type { Instruction, Machine, Operation, Retry, Step } from './machine';

/** Whether a way may begin at a position, as far as its first unit tells. */
function mayBegin(text: string, first: Instruction['first'], position: number): boolean {
	if (first === undefined) return true;
	return position < text.length && first.has(text.charCodeAt(position));
}

/** Takes one way and leaves the other one open. */
const splitStep: Step = (machine, self, position) => {
	const { text } = machine;
	const mayTakeFirst = mayBegin(text, self.first, position);
	const mayTakeOther = mayBegin(text, self.otherFirst, position);
	if (!(mayTakeFirst || mayTakeOther)) return FAIL;
	const known = machine.recall(self, position);
	if (known !== NEW) return known;
	if (!mayTakeFirst) return goTo(machine, self.other, position);
	if (mayTakeOther) machine.leaveOpen(self, position);
	return goOn(machine, self, position);
};

const takeOther: Retry = (machine, self, position) => goTo(machine, self.other, position);

/** Notes where a capture begins. */
const openStep: Step = (machine, self, position) => {
	const { register } = self;
	if (self.flag) machine.set(register, position, machine.registers[register + 1] ?? -1);
	else machine.registers[register] = position;
	return goOn(machine, self, position);
};

/** Captures from where {@link openStep} was to here. */
const closeStep: Step = (machine, self, position) => {
	const start = machine.registers[self.register] ?? -1;
	machine.set(2 * self.slot, Math.min(start, position), Math.max(start, position));
	return goOn(machine, self, position);
};

/** The same for a slot that is taken from, which keeps its earlier captures, or that takes from one, or both. */
const balanceStep: Step = (machine, self, position) => {
	const { slot, popped, link, poppedLink, register } = self;
	const { registers } = machine;
	const opened = registers[register] ?? -1;
	let [start, end] = [Math.min(opened, position), Math.max(opened, position)];
	if (popped >= 0) {
		const poppedStart = registers[2 * popped] ?? -1;
		if (poppedStart < 0) return FAIL;
		[start, end] = between(start, end, poppedStart, registers[2 * popped + 1] ?? -1);
		pop(machine, popped, poppedLink);
	}
	if (slot >= 0 && start <= end) capture(machine, slot, link, start, end);
	return goOn(machine, self, position);
};

/** What lies behind another capture and before this one, or what both have; less than nothing where the other one follows. */
function between(start: number, end: number, otherStart: number, otherEnd: number) {
	if (start >= otherEnd) return [otherEnd, start] as const;
	return [Math.max(start, otherStart), Math.min(end, otherEnd)] as const;
}

/** Takes the last capture of a slot away; its register `link` tells where in the history the one before is. */
function pop(machine: Machine, slot: number, link: number): void {
	const { registers, history } = machine;
	const at = registers[link] ?? -1;
	machine.set(2 * slot, history[at] ?? -1, history[at + 1] ?? -1);
	machine.set(link, history[at + 2] ?? -1, 0);
}

function capture(machine: Machine, slot: number, link: number, start: number, end: number): void {
	const { registers, history } = machine;
	const [before, beforeEnd] = [registers[2 * slot] ?? -1, registers[2 * slot + 1] ?? -1];
	machine.set(2 * slot, start, end);
	if (link === 0) return;
	const earlier = registers[link] ?? -1;
	machine.set(link, history.length, 0);
	history.push(before, beforeEnd, earlier);
}

/** Begins a repeat that counts its rounds. */
const enterLoopStep: Step = (machine, self, position) => {
	machine.set(self.register, 0, -1);
	return goOn(machine, self, position);
};

/** Goes another round, or leaves the repeat; a round that matched nothing ends it once `min` is reached. */
const loopStep: Step = (machine, self, position) => {
	const known = machine.recall(self, position);
	if (known !== NEW) return known;
	const { registers } = machine;
	const rounds = registers[self.register] ?? 0;
	if (rounds < self.min) return nextRound(machine, self, position);
	const isOver = rounds >= self.max || registers[self.register + 1] === position;
	if (!isOver) machine.leaveOpen(self, position);
	return isOver || self.flag
		? goTo(machine, self.other, position)
		: nextRound(machine, self, position);
};

const loopRetry: Retry = (machine, self, position) =>
	self.flag ? nextRound(machine, self, position) : goTo(machine, self.other, position);

function nextRound(machine: Machine, self: Instruction, position: number): number {
	machine.set(self.register, (machine.registers[self.register] ?? 0) + 1, position);
	return goOn(machine, self, position);
}

/** Begins a body of its own: look-around, atomic group or condition. */
const bodyStep: Step = (machine, self, position) => {
	machine.enterBody(self, position);
	return goOn(machine, self, position);
};

/** Goes on where a body has failed. */
const bodyRetry: Retry = (machine, self, position, outerBody) => {
	machine.body = outerBody;
	return goTo(machine, self.third, position);
};

/** Ends a body of its own: what it left open is given up. */
const endBodyStep: Step = (machine, { flag: isNegative }, position) => {
	const { self, start } = machine.leaveMatchedBody(position, !isNegative);
	return goTo(machine, self.other, self.flag ? position : start);
};

/** Asks whether a slot is captured. */
const testStep: Step = (machine, self, position) => {
	const isCaptured = (machine.registers[2 * self.slot] ?? -1) >= 0;
	return isCaptured ? goOn(machine, self, position) : goTo(machine, self.other, position);
};

/** Operations that choose a way, and those around a part of a pattern. */
export const GROUPS = {
	split: { step: splitStep, retry: takeOther },
	open: { step: openStep },
	close: { step: closeStep },
	balance: { step: balanceStep },
	enterLoop: { step: enterLoopStep },
	loop: { step: loopStep, retry: loopRetry },
	body: { step: bodyStep, retry: bodyRetry },
	bodyEnd: { step: endBodyStep },
	test: { step: testStep },
} satisfies Record<string, Operation>;
