/*
 * Runs a program: search.ts looks for where a match can begin, machine.ts backtracks with a stack of its own, memory.ts
 * remembers what states led to, groups.ts keeps what was captured.
 */
import { UnitSet } from '../sets/unit-set';
import { StateMemory } from './memory';

/** Instead of a position: the way taken leads nowhere. */
export const FAIL = -1;
/** Instead of a position: the pattern has matched. */
export const MATCHED = -2;
/** Instead of a position: no way is left. */
const EXHAUSTED = -3;
/** Instead of what a state has led to: nobody has been there. */
export const NEW = -4;

/** Does an instruction at a position: the position behind it, {@link FAIL} or {@link MATCHED}. */
export type Step = (machine: Machine, self: Instruction, position: number) => number;
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
	set = NO_UNITS;
	/** What the way to {@link next} begins with, and that to {@link other}, where it is known. */
	first: UnitSet | undefined;
	otherFirst: UnitSet | undefined;
	/** The text that is taken, or that must follow a run. */
	literal = '';
	min = 0;
	max = 0;
	register = 0;
	/** Of what captures: its place among the slots, and that of the one that a balancing group takes from; -1 for none. */
	slot = -1;
	popped = -1;
	/** The registers that lead to the earlier captures of these; 0 for none. */
	link = 0;
	poppedLink = 0;
	/** Lazy, atomic, ignoring case, within a repeat, negative. */
	flag = false;
	/** The first of its states in the memory of failed ones, or -1 where it has none. */
	state = -1;
	/** Of a repeat: from how many rounds on it makes no difference how many there were. */
	counted = 0;
	/** The repeats around it that count: their registers belong to the state of a search. */
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

/** Goes on to the instruction that follows. */
export function goOn(machine: Machine, self: Instruction, position: number): number {
	machine.current = self.next;
	return position;
}

/** Stands for "without a limit" in the counts of an instruction, and fits onto the stack. */
export const UNBOUNDED = 0x7fff_ffff;

/** Instructions in a row, and what a machine needs to run them. */
export interface Program {
	readonly start: Instruction;
	readonly instructions: readonly Instruction[];
	/** The units that a match may begin with, where it is known and there must be one. */
	readonly first: UnitSet | undefined;
	/** The first two registers of each slot are where its last capture began and ended, or -1. */
	readonly registers: number;
	/** States to remember at each position. */
	readonly states: number;
}

/** Units of the stack that one open way takes: instruction or register, and three values. */
const FRAME = 4;
const FIRST_STACK = 1024;
/** Stacks beyond this are not kept for the next search. */
const KEPT_STACK = 65_536;
/** 96 MiB, six million open ways. */
const MAX_STACK = 24 * 1024 * 1024;

/** A search would need more memory than it may have. */
export class StackLimitError extends Error {}

/** Runs a program with a stack of its own; between two runs it can stand still at any instruction. */
export class Machine {
	text = '';
	/** Where `\G` holds. */
	searchStart = 0;
	/** The instruction to be done next. */
	current: Instruction;
	/** Steps taken, and after how many to stand still. */
	steps = 0;
	limit = 0;
	/** Where the innermost body of its own (look-around, atomic group, condition) stands on the stack, or -1. */
	body = -1;
	/** Where the match ends. */
	end = 0;
	readonly registers: Int32Array;
	private readonly memory = new StateMemory();
	/** Earlier captures of slots that balancing groups take from: start, end, and the one before. */
	history: number[] = [];
	private stack = new Int32Array(FIRST_STACK);
	private top = 0;
	private position = 0;
	/** On the stack, that a state was noted: the last instruction leaves no way open that it could be mistaken for. */
	private readonly noteIndex: number;

	constructor(private readonly program: Program) {
		this.current = program.start;
		this.noteIndex = program.instructions.length - 1;
		this.registers = new Int32Array(program.registers);
	}

	/** Gets ready for a search. */
	reset(text: string, searchStart: number): void {
		this.text = text;
		this.searchStart = searchStart;
		this.steps = 0;
		this.memory.reset(text.length);
		this.history.length = 0;
		this.registers.fill(-1);
		if (this.stack.length > KEPT_STACK) this.stack = new Int32Array(FIRST_STACK);
	}

	/** Gets ready for an attempt that begins at a position; one that has failed has put back all it changed. */
	begin(position: number): void {
		this.current = this.program.start;
		this.position = position;
		this.top = 0;
		this.body = -1;
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

	/** Enters a state: {@link NEW}, or what it has led to before, once a search has turned out to be long. */
	recall(self: Instruction, position: number): number {
		if (self.state < 0 || !this.remembers) return NEW;
		let variant = 0;
		for (const { register, counted } of self.loops) {
			const rounds = Math.min(this.registers[register] ?? 0, counted);
			const isRoundStart = this.registers[register + 1] === position;
			variant = 2 * (variant * (counted + 1) + rounds) + (isRoundStart ? 1 : 0);
		}
		const { memory, body, program } = this;
		const key = memory.keyOf(self.state + variant, position);
		if (memory.note(key, program.states)) {
			const end = memory.endFrom(key);
			return end === undefined ? FAIL : goTo(this, this.instructionAt(body).last, end);
		}
		if (body >= 0) this.push(this.noteIndex, key, 0, 0);
		return NEW;
	}

	/** Whether states are being remembered by now. */
	get remembers(): boolean {
		return this.steps >= this.memory.patience;
	}

	/** Leaves a way open, to be taken by the instruction's {@link Instruction.retry}. */
	leaveOpen(self: Instruction, first: number, second = 0, third = 0): void {
		this.push(self.index, first, second, third);
	}

	/** Sets two registers; they are put back when the way taken is given up. */
	set(register: number, first: number, second: number): void {
		const { registers } = this;
		const { length } = this.history;
		this.push(~register, registers[register] ?? 0, registers[register + 1] ?? 0, length);
		registers[register] = first;
		registers[register + 1] = second;
	}

	/** Begins a body of its own, whose open ways are given up together. */
	enterBody(self: Instruction, position: number): void {
		const { top, body } = this;
		this.push(self.index, position, body, 0);
		this.body = top;
	}

	/** Leaves a body of its own that has matched; keeps what it captured, or not. */
	leaveMatchedBody(end: number, keepCaptures: boolean) {
		const { stack, body, top, memory } = this;
		const self = this.instructionAt(body);
		const start = stack[body + 1] ?? 0;
		this.body = stack[body + 2] ?? -1;
		this.steps += (top - body) >> 3;
		let kept = body;
		for (let frame = body; frame < top; frame += FRAME) {
			const what = stack[frame] ?? 0;
			if (what === this.noteIndex) memory.settle(stack[frame + 1] ?? 0, self.last && end);
			if (what >= 0) continue;
			stack.copyWithin(kept, frame, frame + FRAME);
			kept += FRAME;
		}
		this.top = kept;
		while (!keepCaptures && this.top > body) {
			this.top -= FRAME;
			this.undo(this.top);
		}
		return { self, start };
	}

	private undo(frame: number): void {
		const { stack, registers, history } = this;
		const register = ~(stack[frame] ?? 0);
		registers[register] = stack[frame + 1] ?? 0;
		registers[register + 1] = stack[frame + 2] ?? 0;
		if (history.length > 0) history.length = stack[frame + 3] ?? 0;
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

	private push(what: number, first: number, second: number, third: number): void {
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
		const larger = new Int32Array(Math.min(MAX_STACK, this.stack.length * 2));
		larger.set(this.stack);
		this.stack = larger;
	}
}
