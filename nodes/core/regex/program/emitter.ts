import { GROUPS } from '../engine/groups';
import { Instruction, type Operation } from '../engine/machine';
import { UNITS } from '../engine/units';

const OPERATIONS = { ...UNITS, ...GROUPS };

/** A way of an instruction that has no target yet. */
export type Link = readonly [from: Instruction, way: 'next' | 'other' | 'third'];

/** States of one instruction that are worth remembering; each repeat around it that counts makes many of one. */
const MAX_VARIANTS = 2 ** 20;

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
	/** Of the repeats around it those that count their rounds. */
	private loops: Instruction[] = [];
	private readonly remembered: { readonly instruction: Instruction; readonly variants: number }[] =
		[];

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

	/** Lets an instruction have states to remember: a position and the repeats around it tell what follows. */
	remember(instruction: Instruction): void {
		const { loops } = this;
		const variants = loops.reduce((all, { counted }) => all * 2 * (counted + 1), 1);
		if (variants > MAX_VARIANTS) return;
		instruction.loops = [...loops];
		this.remembered.push({ instruction, variants });
	}

	/** Numbers the states, those first that need little memory, and says how many there are. */
	numberStates(): number {
		const inOrder = this.remembered.sort((one, other) => one.variants - other.variants);
		return inOrder.reduce((states, { instruction, variants }) => {
			instruction.state = states;
			return states + variants;
		}, 0);
	}

	/** Emits the rounds of a repeat that counts them. */
	inLoop(loop: Instruction, emitRound: () => void): void {
		this.loops.push(loop);
		this.remember(loop);
		this.inRepeat(loop, emitRound);
		this.loops.pop();
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
		const { loops, back: before } = this;
		[this.loops, this.back] = [[], back];
		emitBody();
		[this.loops, this.back] = [loops, before];
	}
}
