import type { RepeatNode } from '../syntax-tree';

/** A capture of a printed program, in the order of its parentheses. */
export interface ProgramCapture {
	/** .NET's number of the group; undefined for a capture that the printer needed for itself. */
	readonly slot: number | undefined;
	/** The later of two captures of one slot has the higher rank: groups rank by their closing parentheses. */
	readonly rank: number;
}

/** A pattern in the syntax of an engine. */
export interface ProgramText {
	readonly source: string;
	readonly captures: readonly ProgramCapture[];
}

/** Numbers captures while a program is printed. */
export class CaptureList {
	readonly captures: { slot: number | undefined; rank: number }[] = [];
	private closed = 0;

	/** Notes an opening parenthesis; returns its number in the program. */
	open(slot?: number): number {
		this.captures.push({ slot, rank: 0 });
		return this.captures.length;
	}

	/** Notes the closing parenthesis of a capture. */
	close(number: number): void {
		const capture = this.captures[number - 1];
		this.closed += 1;
		if (capture !== undefined) capture.rank = this.closed;
	}
}

/** Prints the counts of a repeat. */
export function printQuantifier(node: RepeatNode): string {
	const { min, max, lazy } = node;
	return printCounts(min, max) + (lazy ? '?' : '');
}

function printCounts(min: number, max: number): string {
	if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${String(min)},}`;
	if (min === 0 && max === 1) return '?';
	return min === max ? `{${String(min)}}` : `{${String(min)},${String(max)}}`;
}
