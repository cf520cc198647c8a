import { GROUPS } from '../engine/groups';
import { Instruction, type Operation } from '../engine/machine';
import { UNITS } from '../engine/units';

const OPERATIONS = { ...UNITS, ...GROUPS };

/** A way of an instruction that has no target yet. */
export type Link = readonly [from: Instruction, way: 'next' | 'other' | 'third'];

/** States of one instruction that are worth remembering; each repeat around it may make four of one. */
const MAX_VARIANTS = 64;

/** Puts instructions in a row, and links each to the next. */
export class Emitter {
	readonly instructions: Instruction[] = [];
	/** What the next instruction is to be linked to. */
	loose: Link[] = [];
	/** Whether what is being compiled stands in a look-behind, which goes backwards. */
	back = false;
	/** Repeats around what is being compiled. */
	repeats = 0;
	registers: number;
	states = 0;
	/** Of the repeats around it those whose rounds may match nothing. */
	private loops: Instruction[] = [];
	/** Of the repeats around it how many count their rounds, so that a position does not tell the state. */
	private counting = 0;

	constructor(slots: number) {
		this.registers = 2 * slots;
	}

	emit(kind: keyof typeof OPERATIONS, fields: Partial<Instruction> = {}): Instruction {
		const operation: Operation = OPERATIONS[kind];
		const { instructions, back } = this;
		const instruction = new Instruction(kind, operation, instructions.length, back);
		Object.assign(instruction, fields);
		instructions.push(instruction);
		this.linkTo(instruction);
		this.loose = [[instruction, 'next']];
		return instruction;
	}

	linkTo(target: Instruction): void {
		for (const [from, way] of this.loose) from[way] = target;
	}

	/** Two registers, which are set together. */
	newRegisters(): number {
		this.registers += 2;
		return this.registers - 2;
	}

	/** Gives an instruction states to remember, where a position and the repeats around it tell what follows. */
	remember(instruction: Instruction): void {
		const variants = 4 ** this.loops.length;
		if (this.counting > 0 || variants > MAX_VARIANTS) return;
		instruction.state = this.states;
		instruction.loops = [...this.loops];
		this.states += variants;
	}

	/** Emits the rounds of a repeat that counts them. */
	inLoop(loop: Instruction, isCounting: boolean, emitRound: () => void): void {
		const { counting } = this;
		if (isCounting) this.counting += 1;
		this.loops.push(loop);
		this.remember(loop);
		this.inRepeat(loop, emitRound);
		this.loops.pop();
		this.counting = counting;
	}

	/** Emits the rounds of a repeat, which go back to it. */
	inRepeat(start: Instruction, emitRound: () => void): void {
		this.repeats += 1;
		emitRound();
		this.repeats -= 1;
		this.linkTo(start);
	}

	/** Emits a body of its own: what follows from a state in it does not depend on the repeats around it. */
	inBody(back: boolean, emitBody: () => void): void {
		const { loops, counting, back: before } = this;
		[this.loops, this.counting, this.back] = [[], 0, back];
		emitBody();
		[this.loops, this.counting, this.back] = [loops, counting, before];
	}
}
