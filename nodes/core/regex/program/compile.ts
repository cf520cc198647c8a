/*
 * A tree becomes a program: compile.ts writes its operations with emitter.ts; first-units.ts and search-plan.ts find what a
 * match must begin with or hold.
 */
import {
	createBalance,
	createBody,
	createBodyEnd,
	createClose,
	createLoop,
	createLoopEntry,
	createOpen,
	createSplit,
	createTest,
} from '../engine/groups';
import { UNBOUNDED, type Instruction, type Program } from '../engine/machine';
import {
	createAssertion,
	createMatch,
	LAZY_RUN,
	LITERAL,
	REFERENCE,
	RUN,
	SET,
} from '../engine/units';
import type { UnitSet, UnitSets } from '../sets/character-sets';
import { rangesOfCategory } from '../sets/categories';
import { union } from '../sets/ranges';
import { isNullable, sizeOf, someNode } from '../syntax-tree';
import type {
	CaptureNode,
	ConditionNode,
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

type SimpleNode = Extract<PatternNode, { kind: 'assertion' | 'look' | 'atomic' | 'backReference' }>;

class Compiler {
	private readonly emitter: Emitter;
	/** The registers of a slot's last capture are 2 × this and the one behind; slots may be any numbers. */
	private readonly places: ReadonlyMap<number, number>;
	/** For slots that balancing groups take from, the register that leads to their earlier captures. */
	private readonly links = new Map<number, number>();

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
		const end = emitter.emit(createMatch());
		const { instructions, registers, states } = emitter;
		lookAhead(instructions, this.sets);
		return { start: instructions[0] ?? end, instructions, registers: registers + 2, states };
	}

	/** Compiles a node. */
	add(node: PatternNode): void {
		const set = this.setOf(node);
		if (set !== undefined) this.addSet(set);
		else if (node.kind === 'sequence') this.addSequence(node.items);
		else if (node.kind === 'alternation') this.addAlternation(node.options);
		else if (node.kind === 'repeat') this.addRepeat(node);
		else if (node.kind === 'capture') this.addCapture(node);
		else if (node.kind === 'condition') this.addCondition(node);
		else if (node.kind !== 'set') this.addSimple(node);
	}

	private addSimple(node: SimpleNode): void {
		const { emitter } = this;
		switch (node.kind) {
			case 'assertion': {
				const { type } = node;
				const assertion = emitter.emit(createAssertion(node.ofSearch ? 'searchStart' : type));
				if (type !== 'boundary' && type !== 'notBoundary') return;
				assertion.set = this.sets.ofRanges(rangesOfCategory('boundaryWord'));
				return;
			}
			case 'look': {
				const { back } = emitter;
				emitter.back = node.behind;
				const look = this.addBody(node.body, node.negative);
				emitter.back = back;
				emitter.loose = [node.negative ? toThird(look) : toOther(look)];
				return;
			}
			case 'atomic': {
				const atomic = this.addBody(node.body, false);
				atomic.flag = true;
				emitter.loose = [toOther(atomic)];
				return;
			}
			case 'backReference': {
				const reference = emitter.emitFor(REFERENCE);
				reference.slot = this.placeOf(node.slot);
				reference.flag = node.ignoreCase;
			}
		}
	}

	private placeOf(slot: number): number {
		return this.places.get(slot) ?? 0;
	}

	/** The set of a node that takes one unit. */
	private setOf(node: PatternNode): UnitSet | undefined {
		if (node.kind === 'set') return this.sets.of(node.set);
		if (node.kind !== 'alternation') return undefined;
		const sets = node.options.flatMap((option) =>
			option.kind === 'set' ? [this.sets.of(option.set).ranges] : [],
		);
		return sets.length < node.options.length ? undefined : this.sets.ofRanges(union(sets));
	}

	private addSet(set: UnitSet): void {
		if (set.single >= 0) this.addLiteral(String.fromCharCode(set.single));
		else Object.assign(this.emitter.emitFor(SET), { set, min: 1 });
	}

	private addLiteral(text: string): void {
		Object.assign(this.emitter.emitFor(LITERAL), { literal: text, min: 1 });
	}

	private addSequence(items: readonly PatternNode[]): void {
		const { back } = this.emitter;
		let literal = '';
		const flush = () => {
			if (literal !== '') this.addLiteral(literal);
			literal = '';
		};
		for (const item of back ? items.toReversed() : items) {
			const single = this.setOf(item)?.single ?? -1;
			const character = single < 0 ? '' : String.fromCharCode(single);
			literal = back ? character + literal : literal + character;
			if (character !== '') continue;
			flush();
			this.add(item);
		}
		flush();
	}

	private addAlternation(options: readonly PatternNode[]): void {
		const { emitter } = this;
		const ends: Link[] = [];
		for (const [index, option] of options.entries()) {
			const split = index < options.length - 1 ? emitter.emit(createSplit()) : undefined;
			if (split !== undefined) emitter.remember(split);
			this.add(option);
			if (split === undefined) break;
			ends.push(...emitter.loose);
			emitter.loose = [toOther(split)];
		}
		emitter.loose.push(...ends);
	}

	private addRepeat(node: RepeatNode): void {
		const { body, min, max } = node;
		const set = this.setOf(body);
		if (max === 0) return;
		if (set !== undefined) {
			this.addRun(node, set);
			return;
		}
		const expanded = (max === Infinity ? min + 1 : max) * sizeOf(body);
		const size = this.emitter.instructions.length + expanded;
		// Of rounds that may match nothing only a fixed number is the same as if written out.
		const mayEnd = min < max && isNullable(body);
		if (max > 1 && (mayEnd || expanded > MAX_EXPANDED || size > MAX_INSTRUCTIONS)) {
			this.addCountedLoop(node);
		} else this.addWrittenOut(node);
	}

	private addRun({ min, max, lazy }: RepeatNode, set: UnitSet): void {
		const { emitter } = this;
		const run = emitter.emitFor(lazy ? LAZY_RUN : RUN);
		Object.assign(run, { set, min, max: Math.min(max, UNBOUNDED) });
		if (!emitter.back) emitter.remember(run);
	}

	private addWrittenOut({ body, min, max, lazy }: RepeatNode): void {
		const { emitter } = this;
		for (let round = 0; round < min; round += 1) this.add(body);
		const exits: Link[] = [];
		for (let round = min; round < (max === Infinity ? min + 1 : max); round += 1) {
			const split = emitter.emit(createSplit());
			emitter.remember(split);
			exits.push(lazy ? toNext(split) : toOther(split));
			emitter.loose = [lazy ? toOther(split) : toNext(split)];
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
		const entry = emitter.emit(createLoopEntry());
		entry.register = emitter.newRegisters();
		const loop = emitter.emit(createLoop());
		Object.assign(loop, { min, max: Math.min(max, UNBOUNDED), flag: lazy });
		loop.register = entry.register;
		emitter.inLoop(loop, min > 1 || max < Infinity, () => {
			this.add(body);
		});
		emitter.loose = [toOther(loop)];
	}

	private addCapture({ slot, popped, body }: CaptureNode): void {
		const { emitter, links } = this;
		const open = emitter.emit(createOpen());
		open.register = emitter.newRegisters();
		open.flag = emitter.repeats > 0;
		this.add(body);
		const link = slot === undefined ? 0 : (links.get(slot) ?? 0);
		const isPlain = popped === undefined && link === 0;
		const close = emitter.emit(isPlain ? createClose() : createBalance());
		close.register = open.register;
		close.link = link;
		if (slot !== undefined) close.slot = this.placeOf(slot);
		if (popped === undefined) return;
		close.popped = this.placeOf(popped);
		close.poppedLink = links.get(popped) ?? 0;
	}

	private addCondition({ test, yes, no }: ConditionNode): void {
		const { emitter } = this;
		const isSlot = typeof test === 'number';
		const decision = isSlot ? emitter.emit(createTest()) : this.addBody(test, false);
		if (isSlot) decision.slot = this.placeOf(test);
		else emitter.loose = [toOther(decision)];
		this.add(yes);
		const ends = emitter.loose;
		emitter.loose = [isSlot ? toOther(decision) : toThird(decision)];
		this.add(no);
		emitter.loose.push(...ends);
	}

	private addBody(node: PatternNode, negative: boolean): Instruction {
		const { emitter } = this;
		const body = emitter.emit(createBody());
		emitter.inBody(() => {
			this.add(node);
		});
		emitter.emit(createBodyEnd()).flag = negative;
		return body;
	}
}

const toNext =
	(from: Instruction): Link =>
	(target) =>
		(from.next = target);
const toOther =
	(from: Instruction): Link =>
	(target) =>
		(from.other = target);
const toThird =
	(from: Instruction): Link =>
	(target) =>
		(from.third = target);
