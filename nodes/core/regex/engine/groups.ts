import { goTo, type Instruction, type Machine, type Operation } from './machine';
import { FAIL, NEW } from './memory';

/** Whether a way may begin at a position, as far as its first unit tells. */
function mayBegin(text: string, way: Instruction | undefined, position: number): boolean {
	const begins = way?.begins;
	return begins === undefined || (position < text.length && begins.has(text.charCodeAt(position)));
}

/** What lies behind another capture and before this one, or what both have; less than nothing where the other one follows. */
function between(start: number, end: number, otherStart: number, otherEnd: number) {
	if (start >= otherEnd) return [otherEnd, start] as const;
	return [Math.max(start, otherStart), Math.min(end, otherEnd)] as const;
}

function nextRound(machine: Machine, self: Instruction, position: number): number {
	machine.set(self.register, machine.get(self.register) + 1, position);
	return goTo(machine, self.next, position);
}

/** Operations that choose a way, and those around a part of a pattern. */
export const GROUPS = {
	/** Takes one way and leaves the other one open. */
	split: {
		step: (machine, self, position) => {
			const { text } = machine;
			const mayTakeFirst = mayBegin(text, self.next, position);
			const mayTakeOther = mayBegin(text, self.other, position);
			if (!(mayTakeFirst || mayTakeOther)) return FAIL;
			const known = machine.recall(self, position);
			if (known !== NEW) return known;
			if (!mayTakeFirst) return goTo(machine, self.other, position);
			if (mayTakeOther) machine.leaveOpen(self, position);
			return goTo(machine, self.next, position);
		},
		retry: (machine, self, position) => goTo(machine, self.other, position),
	},
	/** Notes where a capture begins. */
	open: {
		step: (machine, self, position) => {
			machine.set(self.register, position, 0);
			return goTo(machine, self.next, position);
		},
	},
	/** Captures from where the group was opened to here; a balancing group takes the last capture of a slot away. */
	close: {
		step: (machine, self, position) => {
			const { slot, popped, register } = self;
			const opened = machine.get(register);
			let [start, end] = [Math.min(opened, position), Math.max(opened, position)];
			if (popped >= 0) {
				const taken = machine.pop(popped);
				if (taken === undefined) return FAIL;
				[start, end] = between(start, end, taken.start, taken.end);
			}
			if (slot >= 0 && start <= end) machine.capture(slot, start, end);
			return goTo(machine, self.next, position);
		},
	},
	/** Begins a repeat that counts its rounds. */
	enterLoop: {
		step: (machine, self, position) => {
			machine.set(self.register, 0, -1);
			return goTo(machine, self.next, position);
		},
	},
	/** Goes another round, or leaves the repeat; a round that matched nothing ends it once `min` is reached. */
	loop: {
		step: (machine, self, position) => {
			const known = machine.recall(self, position);
			if (known !== NEW) return known;
			const rounds = machine.get(self.register);
			if (rounds < self.min) return nextRound(machine, self, position);
			const isOver = rounds >= self.max || machine.get(self.register + 1) === position;
			if (!isOver) machine.leaveOpen(self, position);
			return isOver || self.flag
				? goTo(machine, self.other, position)
				: nextRound(machine, self, position);
		},
		retry: (machine, self, position) =>
			self.flag ? nextRound(machine, self, position) : goTo(machine, self.other, position),
	},
	/** Begins a body of its own, whose open ways are given up together: look-around, atomic group or condition. */
	body: {
		step: (machine, self, position) => {
			const { top } = machine;
			machine.leaveOpen(self, position, machine.body);
			machine.body = top;
			return goTo(machine, self.next, position);
		},
		/** Goes on where it has failed. */
		retry: (machine, self, position, outerBody) => {
			machine.body = outerBody;
			return goTo(machine, self.third, position);
		},
	},
	/** Ends a body of its own: what it left open is given up. */
	bodyEnd: {
		step: (machine, _, position) => {
			const { self, start } = machine.leaveMatchedBody(position);
			return goTo(machine, self.other, self.flag ? position : start);
		},
	},
	/** Asks whether a slot is captured. */
	test: {
		step: (machine, self, position) =>
			goTo(machine, machine.get(self.slot) < 0 ? self.other : self.next, position),
	},
} satisfies Record<string, Operation>;
