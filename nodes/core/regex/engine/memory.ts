/** Most bits of one table, 32 MiB; states beyond are not remembered. */
const MAX_BITS = 2 ** 28;
/** Most ends of bodies that are remembered. */
const MAX_ENDS = 2 ** 20;
/** How many steps a search takes, as a multiple of what is long for its text, before it begins to remember. */
const PATIENCE = 2;
const SHORT_TEXT = 1000;

/**
 * Remembers what a search has found to follow from its states (instruction and position). That is always the same, so nobody
 * has to go there again: it makes a search linear which otherwise tries the same in many ways.
 *
 * A state is noted when it is entered. Where the whole match is looked for that is enough, since a state left with success is
 * the last one. A body of its own, as that of a look-ahead, may be entered again after a success: {@link settle} says what
 * becomes then of the states that led to it.
 */
export class StateMemory {
	/** Steps of a search from which on it remembers. */
	patience = 0;
	private bits: Uint8Array | undefined;
	private width = 0;
	private readonly ends = new Map<number, number>();

	/** Forgets everything, for a search in another text. */
	reset(textLength: number): void {
		this.bits = undefined;
		this.width = textLength + 1;
		this.patience = PATIENCE * (textLength + SHORT_TEXT);
		this.ends.clear();
	}

	/** Tells states at positions apart. */
	keyOf(state: number, position: number): number {
		return Math.min(state * this.width + position, MAX_BITS);
	}

	/** Notes a state, and says whether it had been noted before. */
	note(key: number, states: number): boolean {
		this.bits ??= new Uint8Array(Math.ceil(Math.min(MAX_BITS, states * this.width) / 8));
		const byte = this.bits[key >>> 3] ?? 0;
		const bit = 1 << (key & 7);
		this.bits[key >>> 3] = byte | bit;
		return (byte & bit) !== 0;
	}

	/** Where the body ends if it goes on from a state that was noted; undefined where it fails. */
	endFrom(key: number): number | undefined {
		return this.ends.get(key);
	}

	/** Keeps where a body ended that has matched from a state, or forgets the state. */
	settle(key: number, end: number | undefined): void {
		const { bits, ends } = this;
		if (end !== undefined && ends.size < MAX_ENDS) ends.set(key, end);
		else if (bits !== undefined) bits[key >>> 3] = (bits[key >>> 3] ?? 0) & ~(1 << (key & 7));
	}
}
