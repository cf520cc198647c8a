/*
 * A tree becomes a program: compile.ts writes its instructions from the last to the first, so that each is told what follows;
 * search-plan.ts finds what a match must begin with or hold.
 */
import { GROUPS } from '../engine/groups';
import { Instruction, type Operation, type Program } from '../engine/machine';
import { ASSERTIONS, UNITS } from '../engine/units';
import { unitsOfCategory } from '../sets/categories';
import type { UnitSet, UnitSets } from '../sets/unit-set';
import {
	asksForCapture,
	childrenOf,
	dependsOnCaptures,
	mayBeEmpty,
	setOf,
	someNode,
	type CaptureNode,
	type ConditionNode,
	type LookNode,
	type PatternNode,
	type PatternTree,
	type RepeatNode,
} from '../syntax-tree';

const OPERATIONS = { ...UNITS, ...GROUPS };

/** A repeat is written out up to so many nodes, those within it too, until a program has so many instructions. */
const MAX_EXPANDED = 1000;
const MAX_INSTRUCTIONS = 20_000;
/** States of one instruction that are worth remembering; each repeat around it that counts makes many of one. */
const MAX_VARIANTS = 2 ** 20;
/** So many sets are made for what instructions begin with; each takes 8 KiB. */
const MOST_UNIONS = 2000;

/** Compiles the tree of a pattern into instructions. */
export function compileProgram(tree: PatternTree, sets: UnitSets): Program {
	return new Compiler(tree, sets).compile();
}

class Compiler {
	private readonly instructions: Instruction[] = [];
	/** The registers of the last captures of slots, which may be any numbers. */
	private readonly registersOf = new Map<number, number>();
	private registers = 0;
	private states = 0;
	/** Whether what is being compiled stands in a look-behind, which goes backwards. */
	private back = false;
	/** Repeats around what is being compiled that count their rounds. */
	private loops: readonly Instruction[] = [];
	/** Whether a negative look-around is being compiled in which nothing asks for captures: .NET leaves them out there. */
	private leavesOutCaptures = false;

	constructor(
		private readonly tree: PatternTree,
		private readonly sets: UnitSets,
	) {}

	compile(): Program {
		const { tree, instructions } = this;
		const start = this.add(tree.root, this.emit('match'));
		findBeginnings(instructions, this.sets);
		const groups = [...tree.slotKeys].map(([slot, name]) => [name, this.registerOf(slot)] as const);
		return { start, instructions, groups, registers: this.registers, states: this.states };
	}

	private emit(kind: keyof typeof OPERATIONS, fields: Partial<Instruction> = {}): Instruction {
		const { instructions, back } = this;
		const operation: Operation = OPERATIONS[kind];
		const self = new Instruction(kind, operation, instructions.length, back);
		Object.assign(self, fields);
		self.asks ||= [self.next, self.other, self.third].some((way) => way?.asks);
		instructions.push(self);
		return self;
	}

	/** Two registers, which are set together. */
	private newRegisters(): number {
		return (this.registers += 2) - 2;
	}

	private registerOf(slot: number | undefined): number {
		if (slot === undefined) return -1;
		const register = this.registersOf.get(slot) ?? this.newRegisters();
		this.registersOf.set(slot, register);
		return register;
	}

	/** Lets an instruction have states to remember: a position and the repeats around it tell what follows. */
	private remember(self: Instruction): Instruction {
		const variants = this.loops.reduce((all, { counted }) => all * 2 * (counted + 1), 1);
		if (self.asks || variants > MAX_VARIANTS) return self;
		self.loops = this.loops;
		self.state = this.states;
		this.states += variants;
		return self;
	}

	private choose(first: Instruction, second: Instruction, lazy = false): Instruction {
		const [next, other] = lazy ? [second, first] : [first, second];
		return this.remember(this.emit('split', { next, other }));
	}

	/** Compiles a node that something follows; returns where to begin. */
	private add(node: PatternNode, next: Instruction): Instruction {
		switch (node.kind) {
			case 'text':
				return this.emit('text', { next, text: node.text });
			case 'set':
				return this.emit('set', { next, set: node.set });
			case 'assertion':
				return this.emit('assertion', {
					next,
					holds: ASSERTIONS[node.type],
					set: unitsOfCategory('b'),
				});
			case 'sequence':
				return this.addSequence(node.items, next);
			case 'alternation':
				return node.items
					.map((option) => this.add(option, next))
					.reduceRight((others, option) => this.choose(option, others));
			case 'repeat':
				return this.addRepeat(node, next);
			case 'capture':
				return this.addCapture(node, next);
			case 'condition':
				return this.addCondition(node, next);
			case 'look':
				return this.addLook(node, next);
			case 'atomic':
				return this.addBody(node.body, { other: next, flag: true });
			case 'backReference': {
				const slot = this.registerOf(node.slot);
				return this.emit('reference', { next, slot, flag: node.ignoreCase, asks: true });
			}
		}
	}

	private addSequence(items: readonly PatternNode[], next: Instruction): Instruction {
		const fromLast = this.back ? items : items.toReversed();
		return fromLast.reduce((behind, item) => this.add(item, behind), next);
	}

	private addRepeat(node: RepeatNode, next: Instruction): Instruction {
		const { body, min, max, lazy } = node;
		// What is lazy or goes backwards is rare and short.
		const set = lazy || this.back ? undefined : setOf(body, this.sets);
		if (set !== undefined) return this.remember(this.emit('run', { next, set, min, max }));
		if (max < Infinity) return this.addRounds(node, next);
		if (min > 1 || mayBeEmpty(body)) return this.addCountedLoop(node, next);
		const loop = this.emit('split', { other: next, asks: someNode(body, dependsOnCaptures) });
		const round = this.add(body, loop);
		[loop.next, loop.other] = lazy ? [next, round] : [round, next];
		this.remember(loop);
		return min === 1 ? round : loop;
	}

	/** Adds each round by itself, so that its states are told apart without a count, where that is not too long. */
	private addRounds(node: RepeatNode, next: Instruction): Instruction {
		const { body, min, max, lazy } = node;
		const isLong = this.sizeOf(node) > MAX_EXPANDED || this.instructions.length > MAX_INSTRUCTIONS;
		// A round that matches nothing may end a repeat, so that it has to be known where it began.
		const mayEnd = min < max && max > 1 && mayBeEmpty(body);
		if (isLong || mayEnd) return this.addCountedLoop(node, next);
		let start = next;
		for (let round = max; round > 0; round -= 1) {
			const more = this.add(body, start);
			start = round > min ? this.choose(more, next, lazy) : more;
		}
		return start;
	}

	/** Of how many nodes one consists when repeats are written out. */
	private sizeOf(node: PatternNode): number {
		const isOnce = node.kind !== 'repeat' || node.max === Infinity || setOf(node.body, this.sets);
		const size = childrenOf(node).reduce((sum, child) => sum + this.sizeOf(child), 1);
		return isOnce ? size : size * node.max;
	}

	private addCountedLoop({ body, min, max, lazy }: RepeatNode, next: Instruction): Instruction {
		const register = this.newRegisters();
		const loop = this.emit('loop', {
			register,
			min,
			max,
			counted: max === Infinity ? min : max,
			flag: lazy,
			other: next,
			asks: someNode(body, dependsOnCaptures),
		});
		this.loops = [...this.loops, loop];
		this.remember(loop);
		loop.next = this.add(body, loop);
		this.loops = this.loops.slice(0, -1);
		return this.emit('enterLoop', { register, next: loop });
	}

	private addCapture({ slot, popped, body }: CaptureNode, next: Instruction): Instruction {
		if (popped === undefined && this.leavesOutCaptures) return this.add(body, next);
		const register = this.newRegisters();
		const close = this.emit('close', {
			next,
			register,
			slot: this.registerOf(slot),
			popped: this.registerOf(popped),
			asks: popped !== undefined,
		});
		return this.emit('open', { register, next: this.add(body, close) });
	}

	private addCondition({ test, yes, no }: ConditionNode, next: Instruction): Instruction {
		const [then, otherwise] = [this.add(yes, next), this.add(no, next)];
		if (typeof test !== 'number') return this.addBody(test, { other: then, third: otherwise });
		const slot = this.registerOf(test);
		return this.emit('test', { slot, next: then, other: otherwise, asks: true });
	}

	private addLook({ body, behind, negative }: LookNode, next: Instruction): Instruction {
		const { leavesOutCaptures } = this;
		this.leavesOutCaptures ||= negative && !someNode(body, asksForCapture);
		const look = this.addBody(body, negative ? { third: next } : { other: next }, behind);
		this.leavesOutCaptures = leavesOutCaptures;
		return look;
	}

	/** Adds a body of its own: what follows from a state in it does not depend on the repeats around it. */
	private addBody(node: PatternNode, ways: Partial<Instruction>, back = this.back): Instruction {
		const { loops, back: before } = this;
		[this.loops, this.back] = [[], back];
		const end = this.emit('bodyEnd');
		const next = this.add(node, end);
		[this.loops, this.back] = [loops, before];
		const captures = !this.leavesOutCaptures && someNode(node, ({ kind }) => kind === 'capture');
		return this.emit('body', { ...ways, next, last: captures || next.asks ? undefined : end });
	}
}

/** Tells instructions, listed from the end of a program, what units the ways from them begin with. */
function findBeginnings(instructions: readonly Instruction[], sets: UnitSets): void {
	let unions = 0;
	const either = (one: UnitSet | undefined, other: UnitSet | undefined) => {
		if (one === undefined || other === undefined || one.isWithin(other)) return one && other;
		if (other.isWithin(one)) return one;
		unions += 1;
		return unions > MOST_UNIONS ? undefined : one.union(other);
	};
	const beginningOf = (self: Instruction) => {
		const { kind, set } = self;
		if (kind === 'text') return sets.ofUnit(self.text.charAt(0));
		if (kind === 'reference') return undefined;
		if (kind === 'set' || (kind === 'run' && self.min > 0)) return set;
		const begins = waysOf(self).map((way) => way.begins);
		return (kind === 'run' ? [set, ...begins] : begins).reduce(either);
	};
	// Back and forth, since the start of a repeat follows its end.
	for (const self of [...instructions, ...instructions.toReversed(), ...instructions]) {
		if (!self.back) self.begins ??= beginningOf(self);
	}
}

/** Where an instruction that takes nothing may go on from its place. */
function waysOf({ kind, flag, next, other, third }: Instruction): readonly Instruction[] {
	const ways = kind !== 'body' ? [next, other] : flag ? [next] : [other, third];
	return ways.filter((way) => way !== undefined);
}
