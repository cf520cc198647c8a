/** Most bits of one table, 32 MiB; states beyond are not remembered. */
const MAX_BITS = 2 ** 28;
/** How many steps a search takes, as a multiple of what is long for its text, before it begins to remember. */
const PATIENCE = 2;
const SHORT_TEXT = 1000;

/**
 * Remembers from which states (instruction and position) a search has already gone on in vain. What follows from a state is
 * always the same, so nobody has to go there again: that makes a search linear which otherwise tries the same in many ways.
 *
 * A state is noted when it is entered. Where the whole match is looked for that is enough, since a state left with success is
 * the last one. A body of its own, as that of a look-ahead, may be entered again after a success: then what was noted in
 * it is forgotten.
 */
export class FailedStates {
	/** Steps of a search from which on it remembers. */
	patience = 0;
	private bits: Uint8Array | undefined;
	private width = 0;
	/** What was noted in bodies of their own that are not yet decided. */
	private readonly open: number[] = [];

	/** Forgets everything, for a search in another text. */
	reset(textLength: number): void {
		this.bits = undefined;
		this.width = textLength + 1;
		this.patience = PATIENCE * (textLength + SHORT_TEXT);
		this.open.length = 0;
	}

	/** Notes a state, and says whether it had been noted before. */
	note(state: number, position: number, states: number, inBody: boolean): boolean {
		const index = state * this.width + position;
		if (index >= MAX_BITS) return false;
		this.bits ??= new Uint8Array(Math.ceil(Math.min(MAX_BITS, states * this.width) / 8));
		const byte = this.bits[index >>> 3] ?? 0;
		const bit = 1 << (index & 7);
		if ((byte & bit) !== 0) return true;
		this.bits[index >>> 3] = byte | bit;
		if (inBody) this.open.push(index);
		return false;
	}

	/** Where a body begins. */
	get mark(): number {
		return this.open.length;
	}

	/** Keeps what was noted since a mark: the body has failed. */
	keep(mark: number): void {
		this.open.length = mark;
	}

	/** Forgets what was noted since a mark, and says how much: the body has matched. */
	forget(mark: number): number {
		const { bits, open } = this;
		if (open.length === mark) return 0;
		const forgotten = open.splice(mark);
		for (const index of forgotten) {
			if (bits !== undefined) bits[index >>> 3] = (bits[index >>> 3] ?? 0) & ~(1 << (index & 7));
		}
		return forgotten.length;
	}
}
