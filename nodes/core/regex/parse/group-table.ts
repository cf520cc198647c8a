/**
 * Numbers groups as .NET does: unnamed ones first, from left to right, then named ones in the free numbers.
 * A group named by a number, `(?<7>...)`, has that number, even if an unnamed group has it already.
 */
export class GroupTable {
	/** Whether the groups are known, so that a reference to none of them is an error. */
	readonly complete: boolean;
	/** The groups that were read, in order: name, number, or undefined for an unnamed one. */
	readonly declared: (string | number | undefined)[] = [];
	readonly slotKeys = new Map<number, string>();
	private readonly slots = new Map<string, number>();
	/** Unnamed groups so far that capture. */
	unnamed = 0;

	/** @param known the groups of the pattern from a first reading, in which every reference is left open */
	constructor(known?: GroupTable['declared']) {
		this.complete = known !== undefined;
		let free = 1;
		for (const group of known ?? []) {
			if (typeof group === 'number') this.slotKeys.set(group, String(group));
			else if (group === undefined) this.slotKeys.set(free, String(free++));
		}
		for (const name of known ?? []) {
			if (typeof name !== 'string' || this.slots.has(name)) continue;
			while (this.slotKeys.has(free)) free += 1;
			this.slots.set(name, free);
			this.slotKeys.set(free, name);
		}
	}

	/** The slot of a group that is referred to by name or number; undefined when there is none. */
	slotOf(group: string | number): number | undefined {
		if (!this.complete) return 0;
		const slot = typeof group === 'number' ? group : this.slots.get(group);
		return slot === 0 || (slot !== undefined && this.slotKeys.has(slot)) ? slot : undefined;
	}
}
