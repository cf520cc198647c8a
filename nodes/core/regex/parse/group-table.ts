/** One group as it stands in a pattern; unnamed ones have neither name nor number. */
export interface DeclaredGroup {
	readonly name?: string;
	readonly number?: number;
}

/**
 * Numbers groups as .NET does: unnamed ones first, from left to right, then named ones in the free numbers.
 * A group named by a number, `(?<7>...)`, has that number, even if an unnamed group has it already.
 */
export class GroupTable {
	/** Whether the groups are known, so that a reference to none of them is an error. */
	readonly complete: boolean;
	/** The groups that were read, in order. */
	readonly declared: DeclaredGroup[] = [];
	readonly slotKeys = new Map<number, string>();
	readonly groupNames: string[] = [];
	private readonly slots = new Map<string, number>();
	private unnamed = 0;

	/** @param known the groups of the pattern from a first reading, in which every reference is left open */
	constructor(known?: readonly DeclaredGroup[]) {
		this.complete = known !== undefined;
		let free = 1;
		for (const { name, number } of known ?? []) {
			if (number !== undefined) this.slotKeys.set(number, String(number));
			else if (name === undefined) this.slotKeys.set(free, String(free++));
		}
		for (const { name } of known ?? []) {
			if (name === undefined || this.slots.has(name)) continue;
			while (this.slotKeys.has(free)) free += 1;
			this.slots.set(name, free);
			this.slotKeys.set(free, name);
			this.groupNames.push(name);
		}
	}

	/** The slot of a name, or undefined when no group is called so. */
	slotOfName(name: string): number | undefined {
		return this.slots.get(name);
	}

	hasSlot(slot: number): boolean {
		return !this.complete || slot === 0 || this.slotKeys.has(slot);
	}

	/** The slot of the next unnamed group. */
	nextUnnamed(): number {
		this.unnamed += 1;
		return this.unnamed;
	}
}
