/** Most bits of one table, 32 MiB; states beyond are not remembered. */
const MAX_BITS = 2 ** 28;
/** Most ends of bodies that are remembered. */
const MAX_ENDS = 2 ** 20;
/** How many steps a search takes, as a multiple of what is long for its text, before it begins to remember. */
const PATIENCE = 2;
const SHORT_TEXT = 1000;

/** Instead of what a state has led to: it leads nowhere. */
export const FAIL = -1;
/** Instead of what a state has led to: nobody has been there. */
export const NEW = -4;

/**
 * Remembers what a search has found to follow from its states (instruction and position). That is always the same, so nobody
 * has to go there again: it makes a search linear which otherwise tries the same in many ways.
 *
 * A state is noted when it is entered. Where the whole match is looked for that is enough, since a state left with success is
 * the last one. A body of its own, as that of a look-ahead, may be entered again after a success: {@link settle} says what
 * becomes then of the states that led to it.
 */
export class StateMemory {
	private bits: Uint8Array | undefined;
	private readonly width: number;
	private readonly ends = new Map<number, number>();

	/** @param states how many there are at each position of the text */
	constructor(
		private readonly states: number,
		textLength: number,
	) {
		this.width = textLength + 1;
	}

	/** Whether a search has taken so many steps that it is worth while. */
	isDue(steps: number): boolean {
		return steps >= PATIENCE * (this.width + SHORT_TEXT);
	}

	/** Tells states at positions apart. */
	keyOf(state: number, position: number): number {
		return Math.min(state * this.width + position, MAX_BITS);
	}

	/** Enters a state: {@link NEW}, or what was found before, which is {@link FAIL} or where its body ends. */
	enter(key: number): number {
		this.bits ??= new Uint8Array(Math.ceil(Math.min(MAX_BITS, this.states * this.width) / 8));
		const byte = this.bits[key >>> 3] ?? 0;
		const bit = 1 << (key & 7);
		if ((byte & bit) !== 0) return this.ends.get(key) ?? FAIL;
		this.bits[key >>> 3] = byte | bit;
		return NEW;
	}

	/** Keeps where a body ended that has matched from a state, or forgets the state. */
	settle(key: number, end: number | undefined): void {
		const { bits, ends } = this;
		if (end !== undefined && ends.size < MAX_ENDS) ends.set(key, end);
		else if (bits !== undefined) bits[key >>> 3] = (bits[key >>> 3] ?? 0) & ~(1 << (key & 7));
	}
}
