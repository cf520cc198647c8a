import { seededRandom } from '../support/imap/fault-proxy';

/** Choices that look random and are the same for the same seed. */
export class SeededChoice {
	private readonly random: () => number;

	constructor(seed: number) {
		this.random = seededRandom(seed);
	}

	/** A number in [0, 1). */
	next(): number {
		return this.random();
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
