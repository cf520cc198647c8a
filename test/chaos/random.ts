/** Numbers that look random and are the same for the same seed. */
export class SeededRandom {
	constructor(private state: number) {}

	/** A number in [0, 1), by mulberry32. */
	next(): number {
		this.state = (this.state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}

	/** A whole number from `from` to `to`, both included. */
	between(from: number, to: number): number {
		return from + Math.floor(this.next() * (to - from + 1));
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice {
		return choices[Math.floor(this.next() * choices.length)] ?? choices[0];
	}
}
