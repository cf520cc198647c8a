/*
 * Runs a program: search.ts looks for where a match can begin, machine.ts backtracks with a stack of its own, memory.ts
 * remembers what states led to; units.ts and groups.ts are what its instructions do.
 */
import { UnitSet } from '../sets/unit-set';
import { FAIL, NEW, StateMemory } from './memory';

/** Instead of a position: the pattern has matched. */
export const MATCHED = -2;
/** Instead of a position: no way is left. */
const EXHAUSTED = -3;

/** Does an instruction at a position: the position behind it, {@link FAIL} where the way leads nowhere, or {@link MATCHED}. */
type Step = (machine: Machine, self: Instruction, position: number) => number;
/** Goes on where an instruction had left another way open; `first` and `second` are what it put on the stack. */
export type Retry = (machine: Machine, self: Instruction, first: number, second: number) => number;

/** What an instruction does, and what where another way was left open. */
export interface Operation {
	readonly step: Step;
	readonly retry?: Retry;
}

const NO_UNITS = new UnitSet();

/** One instruction of a program. All have the same fields, which every operation uses in its own way. */
export class Instruction {
	next: Instruction = this;
	/** A second way: the other alternative, what follows a repeat, or what follows a body that has matched. */
	other: Instruction | undefined;
	/** What follows a body that has failed. */
	third: Instruction | undefined;
	/** Of a body of its own: what ends it, where the end depends on nothing but where it is entered. */
	last: Instruction | undefined;
	/** What a match from here begins with, where it is known. */
	begins: UnitSet | undefined;
	set = NO_UNITS;
	text = '';
	/** Of an assertion: whether it holds at a position. */
	holds: (machine: Machine, position: number, self: Instruction) => boolean = () => true;
	min = 0;
	max = 0;
	register = 0;
	/** Registers of a slot: of what captures or asks for it, and of what a balancing group takes from; -1 for none. */
	slot = -1;
	popped = -1;
	/** Lazy, atomic, or ignoring case. */
	flag = false;
	/** Whether it, or what follows, asks for captures: a position does not tell then what follows. */
	asks = false;
	/** The first of its states to be remembered, or -1. */
	state = -1;
	/** Of a repeat: from how many rounds on it makes no difference how many there were. */
	counted = 0;
	/** The repeats around it that count: their registers belong to its states. */
	loops: readonly Instruction[] = [];
	readonly step: Step;
	readonly retry: Retry;

	/**
	 * @param kind which operation it does, for those who look at a program before it runs
	 * @param index where it stands in its program
	 * @param back whether it stands in a look-behind and goes backwards
	 */
	constructor(
		readonly kind: string,
		{ step, retry = () => FAIL }: Operation,
		readonly index: number,
		readonly back: boolean,
	) {
		this.step = step;
		this.retry = retry;
	}
}

/** Goes on to an instruction; fails where there is none. */
export function goTo(machine: Machine, way: Instruction | undefined, position: number): number {
	if (way === undefined) return FAIL;
	machine.current = way;
	return position;
}

/** Instructions, and what a machine needs to run them. */
export interface Program {
	readonly start: Instruction;
	/** From the last one, which ends a match, to the first. */
	readonly instructions: readonly Instruction[];
	readonly registers: number;
	/** What a match calls its captures, and the registers of their slots. */
	readonly groups: readonly (readonly [name: string, slot: number])[];
	/** States to remember at each position. */
	readonly states: number;
}

/** Units of the stack that one open way takes: instruction or register, and three values. */
const FRAME = 4;
const NO_STACK = new Int32Array(0);
const FIRST_STACK = 16;
/** 128 MiB, eight million open ways. */
const MAX_STACK = 2 ** 25;
/** On the stack, that a state was noted: the instruction that ends a match leaves no way open that it could be mistaken for. */
const NOTE = 0;

/** A search would need more memory than it may have. */
export class StackLimitError extends Error {}

/** Runs a program on a text with a stack of its own; between two runs it can stand still at any instruction. */
export class Machine {
	/** The instruction to be done next. */
	current: Instruction;
	/** Steps taken, and after how many to stand still. */
	steps = 0;
	limit = 0;
	/** Where the innermost body of its own (look-around, atomic group, condition) stands on the stack, or -1. */
	body = -1;
	/** Where the stack ends. */
	top = 0;
	/** Where the match ends. */
	end = 0;
	private readonly registers: Int32Array;
	readonly memory: StateMemory;
	/** All captures: start, end, and which one the slot had before. */
	private readonly captures: number[] = [];
	private captured = 0;
	private stack = NO_STACK;
	private position = 0;

	/** @param searchStart where `\G` holds */
	constructor(
		private readonly program: Program,
		readonly text: string,
		readonly searchStart: number,
	) {
		this.current = program.start;
		this.registers = new Int32Array(program.registers).fill(-1);
		this.memory = new StateMemory(program.states, text.length);
	}

	/** Gets ready for an attempt that begins at a position; one that has failed has put back all it changed. */
	begin(position: number): void {
		this.current = this.program.start;
		this.position = position;
		this.top = 0;
		this.body = -1;
		this.captured = 0;
	}

	/** Goes on with the attempt until it is decided or the limit of steps is reached. */
	run(): 'matched' | 'exhausted' | 'paused' {
		let { position } = this;
		while (this.steps <= this.limit) {
			if (position >= 0) {
				const { current } = this;
				this.steps += 1;
				position = current.step(this, current, position);
			} else if (position === FAIL) position = this.backtrack();
			else return position === MATCHED ? 'matched' : 'exhausted';
		}
		this.position = position;
		return 'paused';
	}

	/** What the groups have captured in the end, by name. */
	get groups(): ReadonlyMap<string, string> {
		const { program } = this;
		const entries = program.groups.map(([name, slot]) => [name, this.captureOf(slot)] as const);
		return new Map(entries.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
	}

	/** What a slot has captured last. */
	captureOf(slot: number): string | undefined {
		const last = this.get(slot);
		return last < 0 ? undefined : this.text.slice(this.captures[last], this.captures[last + 1]);
	}

	/** Captures a part of the text into a slot. */
	capture(slot: number, start: number, end: number): void {
		const { captures, captured } = this;
		captures[captured] = start;
		captures[captured + 1] = end;
		captures[captured + 2] = this.get(slot);
		this.set(slot, captured, 0);
		this.captured += 3;
	}

	/** Takes the last capture of a slot away, if there is one. */
	pop(slot: number): { readonly start: number; readonly end: number } | undefined {
		const { captures } = this;
		const last = this.get(slot);
		if (last < 0) return undefined;
		this.set(slot, captures[last + 2] ?? -1, 0);
		return { start: captures[last] ?? 0, end: captures[last + 1] ?? 0 };
	}

	/** Enters a state: {@link NEW}, or goes on as it was found before, once a search has turned out to be long. */
	recall(self: Instruction, position: number): number {
		if (self.state < 0 || !this.memory.isDue(this.steps)) return NEW;
		let variant = 0;
		for (const { register, counted } of self.loops) {
			const rounds = Math.min(this.get(register), counted);
			const isRoundStart = this.get(register + 1) === position;
			variant = 2 * (variant * (counted + 1) + rounds) + (isRoundStart ? 1 : 0);
		}
		const { memory, body } = this;
		const key = memory.keyOf(self.state + variant, position);
		const known = memory.enter(key);
		if (known >= 0) return goTo(this, this.instructionAt(body).last, known);
		if (known === NEW && body >= 0) this.push(NOTE, key);
		return known;
	}

	/** Leaves a way open, to be taken by the instruction's {@link Instruction.retry}. */
	leaveOpen(self: Instruction, first: number, second = 0): void {
		this.push(self.index, first, second);
	}

	get(register: number): number {
		return this.registers[register] ?? -1;
	}

	/** Sets two registers; they are put back when the way taken is given up. */
	set(register: number, first: number, second: number): void {
		const { registers } = this;
		this.push(~register, this.get(register), this.get(register + 1), this.captured);
		registers[register] = first;
		registers[register + 1] = second;
	}

	/** Leaves a body of its own that has matched: of all that is on the stack only what puts registers back is kept. */
	leaveMatchedBody(end: number) {
		const { stack, body, top, memory } = this;
		const self = this.instructionAt(body);
		const start = stack[body + 1] ?? 0;
		this.body = stack[body + 2] ?? -1;
		this.steps += (top - body) >> 3;
		this.top = body;
		for (let frame = body; frame < top; frame += FRAME) {
			const what = stack[frame] ?? 0;
			if (what === NOTE) memory.settle(stack[frame + 1] ?? 0, self.last && end);
			if (what >= 0) continue;
			stack.copyWithin(this.top, frame, frame + FRAME);
			this.top += FRAME;
		}
		return { self, start };
	}

	private undo(frame: number): void {
		const { stack, registers } = this;
		const register = ~(stack[frame] ?? 0);
		registers[register] = stack[frame + 1] ?? 0;
		registers[register + 1] = stack[frame + 2] ?? 0;
		this.captured = stack[frame + 3] ?? 0;
	}

	/** Takes up the way that was left open last. */
	private backtrack(): number {
		while (this.top > 0) {
			if (this.steps > this.limit) return FAIL;
			this.top -= FRAME;
			const { top, stack } = this;
			if ((stack[top] ?? 0) < 0) this.undo(top);
			else {
				const self = this.instructionAt(top);
				const position = self.retry(this, self, stack[top + 1] ?? 0, stack[top + 2] ?? 0);
				if (position !== FAIL) return position;
				this.steps += 1;
			}
		}
		return EXHAUSTED;
	}

	private instructionAt(frame: number): Instruction {
		return this.program.instructions[this.stack[frame] ?? 0] ?? this.program.start;
	}

	private push(what: number, first: number, second = 0, third = 0): void {
		const { top } = this;
		if (top + FRAME > this.stack.length) this.grow();
		const { stack } = this;
		stack[top] = what;
		stack[top + 1] = first;
		stack[top + 2] = second;
		stack[top + 3] = third;
		this.top = top + FRAME;
	}

	private grow(): void {
		if (this.stack.length >= MAX_STACK) throw new StackLimitError('too many open ways');
		const larger = new Int32Array(Math.max(FIRST_STACK, 2 * this.stack.length));
		larger.set(this.stack);
		this.stack = larger;
	}
}
