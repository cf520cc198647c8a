/*
 * A tree becomes a program: compile.ts writes its instructions with emitter.ts; first-units.ts and search-plan.ts find what a
 * match must begin with or hold.
 */
import { UNBOUNDED, type Instruction, type Program } from '../engine/machine';
import { unitsOfCategory } from '../sets/categories';
import type { UnitSet } from '../sets/unit-set';
import type { UnitSets } from '../sets/unit-sets';
import { childrenOf, mayBeEmpty, setOf, someNode } from '../syntax-tree';
import type {
	CaptureNode,
	ConditionNode,
	LookNode,
	PatternNode,
	PatternTree,
	RepeatNode,
} from '../syntax-tree';
import { Emitter, type Link } from './emitter';
import { lookAhead } from './first-units';

/** A repeat is written out, rather than counted while it runs, up to so many instructions, and a pattern up to so many. */
const MAX_EXPANDED = 2000;
const MAX_INSTRUCTIONS = 20_000;

/** Compiles the tree of a pattern into instructions in a row. */
export function compileProgram(tree: PatternTree, sets: UnitSets): Program {
	const compiler = new Compiler(tree, sets);
	compiler.add(tree.root);
	return compiler.finish();
}

class Compiler {
	private readonly emitter: Emitter;
	/** The registers of a slot's last capture are 2 × this and the one behind; slots may be any numbers. */
	private readonly places: ReadonlyMap<number, number>;
	/** For slots that balancing groups take from, the register that leads to their earlier captures. */
	private readonly links = new Map<number, number>();
	/** Whether a negative look-around is being compiled in which nothing asks for captures: .NET leaves them out there. */
	private leavesOutCaptures = false;

	constructor(
		tree: PatternTree,
		private readonly sets: UnitSets,
	) {
		this.places = new Map([...tree.slotKeys.keys()].map((slot, index) => [slot, index + 1]));
		this.emitter = new Emitter(this.places.size + 1);
		someNode(tree.root, (node) => {
			const popped = node.kind === 'capture' ? node.popped : undefined;
			if (popped !== undefined && !this.links.has(popped)) {
				this.links.set(popped, this.emitter.newRegisters());
			}
			return false;
		});
	}

	finish(): Program {
		const { emitter } = this;
		const end = emitter.emit('match');
		const { instructions, registers } = emitter;
		const states = emitter.numberStates();
		const first = lookAhead(instructions, this.sets);
		return { start: instructions[0] ?? end, instructions, first, registers, states };
	}

	/** Compiles a node. */
	add(node: PatternNode): void {
		const { emitter } = this;
		switch (node.kind) {
			case 'text':
				emitter.emit('literal', { literal: node.text });
				break;
			case 'set':
				emitter.emit('set', { set: node.set });
				break;
			case 'sequence':
				this.addSequence(node.items);
				break;
			case 'alternation':
				this.addAlternation(node.options);
				break;
			case 'repeat':
				this.addRepeat(node);
				break;
			case 'capture':
				this.addCapture(node);
				break;
			case 'condition':
				this.addCondition(node);
				break;
			case 'assertion':
				emitter.emit(node.type, { set: unitsOfCategory('b') });
				break;
			case 'look':
				this.addLook(node);
				break;
			case 'atomic': {
				const atomic = this.addBody(node.body);
				atomic.flag = true;
				emitter.loose = [[atomic, 'other']];
				break;
			}
			case 'backReference':
				emitter.emit('reference', { slot: this.placeOf(node.slot), flag: node.ignoreCase });
		}
	}

	private placeOf(slot: number): number {
		return this.places.get(slot) ?? 0;
	}

	private addSequence(items: readonly PatternNode[]): void {
		for (const item of this.emitter.back ? items.toReversed() : items) this.add(item);
	}

	private addAlternation(options: readonly PatternNode[]): void {
		const { emitter } = this;
		const ends: Link[] = [];
		for (const option of options.slice(0, -1)) {
			const split = emitter.emit('split');
			emitter.remember(split);
			this.add(option);
			ends.push(...emitter.loose);
			emitter.loose = [[split, 'other']];
		}
		for (const last of options.slice(-1)) this.add(last);
		emitter.loose.push(...ends);
	}

	private addRepeat(node: RepeatNode): void {
		const { emitter } = this;
		const { body, min, max } = node;
		if (max === 0) return;
		const set = setOf(body, this.sets);
		// What goes backwards is rare and short.
		if (set !== undefined && !emitter.back) {
			this.addRun(node, set);
			return;
		}
		const expanded = (max === Infinity ? min + 1 : max) * sizeOf(body);
		const size = emitter.instructions.length + expanded;
		// Of rounds that may match nothing only a fixed number is the same as if written out.
		const mayEnd = min < max && mayBeEmpty(body);
		if (max > 1 && (mayEnd || expanded > MAX_EXPANDED || size > MAX_INSTRUCTIONS)) {
			this.addCountedLoop(node);
		} else this.addWrittenOut(node);
	}

	private addRun({ min, max, lazy }: RepeatNode, set: UnitSet): void {
		const { emitter } = this;
		const fields = { set, min, max: Math.min(max, UNBOUNDED) };
		emitter.remember(emitter.emit(lazy ? 'lazyRun' : 'run', fields));
	}

	private addWrittenOut({ body, min, max, lazy }: RepeatNode): void {
		const { emitter } = this;
		for (let round = 0; round < min; round += 1) this.add(body);
		const exits: Link[] = [];
		for (let round = min; round < (max === Infinity ? min + 1 : max); round += 1) {
			const split = emitter.emit('split');
			emitter.remember(split);
			exits.push([split, lazy ? 'next' : 'other']);
			emitter.loose = [[split, lazy ? 'other' : 'next']];
			if (max < Infinity) this.add(body);
			else {
				emitter.inRepeat(split, () => {
					this.add(body);
				});
				emitter.loose = [];
			}
		}
		emitter.loose.push(...exits);
	}

	private addCountedLoop({ body, min, max, lazy }: RepeatNode): void {
		const { emitter } = this;
		const { register } = emitter.emit('enterLoop', { register: emitter.newRegisters() });
		const counted = max === Infinity ? min : max;
		const fields = { register, min, max: Math.min(max, UNBOUNDED), counted, flag: lazy };
		const loop = emitter.emit('loop', fields);
		emitter.inLoop(loop, () => {
			this.add(body);
		});
		emitter.loose = [[loop, 'other']];
	}

	private addCapture({ slot, popped, body }: CaptureNode): void {
		const { emitter, links } = this;
		if (popped === undefined && this.leavesOutCaptures) {
			this.add(body);
			return;
		}
		const register = emitter.newRegisters();
		emitter.emit('open', { register, flag: emitter.repeats > 0 });
		this.add(body);
		const link = slot === undefined ? 0 : (links.get(slot) ?? 0);
		const isPlain = popped === undefined && link === 0;
		emitter.emit(isPlain ? 'close' : 'balance', {
			register,
			link,
			...(slot !== undefined && { slot: this.placeOf(slot) }),
			...(popped !== undefined && {
				popped: this.placeOf(popped),
				poppedLink: links.get(popped) ?? 0,
			}),
		});
	}

	private addCondition({ test, yes, no }: ConditionNode): void {
		const { emitter } = this;
		const isSlot = typeof test === 'number';
		const decision = isSlot
			? emitter.emit('test', { slot: this.placeOf(test) })
			: this.addBody(test);
		if (!isSlot) emitter.loose = [[decision, 'other']];
		this.add(yes);
		const ends = emitter.loose;
		emitter.loose = [[decision, isSlot ? 'other' : 'third']];
		this.add(no);
		emitter.loose.push(...ends);
	}

	private addLook(node: LookNode): void {
		const { emitter, leavesOutCaptures } = this;
		this.leavesOutCaptures ||= node.negative && !someNode(node.body, asksForCapture);
		const look = this.addBody(node.body, node.behind, node.negative);
		this.leavesOutCaptures = leavesOutCaptures;
		emitter.loose = [[look, node.negative ? 'third' : 'other']];
	}

	private addBody(node: PatternNode, back = this.emitter.back, negative = false): Instruction {
		const { emitter } = this;
		const body = emitter.emit('body');
		emitter.inBody(back, () => {
			this.add(node);
			const end = emitter.emit('bodyEnd', { flag: negative });
			if (!this.dependsOnCaptures(node)) body.last = end;
		});
		return body;
	}

	/** Whether a body captures, or asks for what was captured. */
	private dependsOnCaptures(body: PatternNode): boolean {
		return someNode(body, (node) => {
			if (node.kind !== 'capture') return asksForCapture(node);
			return node.popped !== undefined || !this.leavesOutCaptures;
		});
	}
}

/** About how many instructions a node takes with all its repeats written out. */
function sizeOf(node: PatternNode): number {
	const beneath = childrenOf(node).reduce((sum, child) => sum + sizeOf(child) + 1, 1);
	if (node.kind !== 'repeat' || (beneath === 2 && node.body.kind !== 'text')) return beneath;
	return beneath * Math.max(1, node.max === Infinity ? node.min + 1 : node.max);
}

function asksForCapture(node: PatternNode): boolean {
	return (
		node.kind === 'backReference' || (node.kind === 'condition' && typeof node.test === 'number')
	);
}
