/** One group as it stands in a pattern; unnamed ones have neither name nor number. */
export interface DeclaredGroup {
	readonly name?: string;
	readonly number?: number;
}

/** Which groups a pattern has and how .NET numbers them. */
export interface GroupTable {
	/** Whether the groups are known, so that a reference to none of them is an error. */
	readonly complete: boolean;
	/** The slot of a name, or undefined when no group is called so. */
	slotOfName(name: string): number | undefined;
	hasSlot(slot: number): boolean;
	/** The slot of the next unnamed group. */
	nextUnnamed(): number;
	declare(group: DeclaredGroup): void;
}

/** Collects the groups of a pattern in a first reading, in which every reference is left open. */
export class GroupCollector implements GroupTable {
	readonly complete = false;
	readonly declared: DeclaredGroup[] = [];

	slotOfName(): undefined {
		return undefined;
	}

	hasSlot(): boolean {
		return true;
	}

	nextUnnamed(): number {
		return 0;
	}

	declare(group: DeclaredGroup): void {
		this.declared.push(group);
	}
}

/**
 * Numbers groups as .NET does: unnamed ones first, from left to right, then named ones in the free numbers.
 * A group named by a number, `(?<7>...)`, has that number, even if an unnamed group has it already.
 */
export class NumberedGroups implements GroupTable {
	readonly complete = true;
	readonly slotKeys = new Map<number, string>();
	readonly groupNames: string[] = [];
	private readonly slots = new Map<string, number>();
	private unnamed = 0;

	constructor(declared: readonly DeclaredGroup[]) {
		let free = 1;
		for (const { name, number } of declared) {
			if (number !== undefined) this.slotKeys.set(number, String(number));
			else if (name === undefined) this.slotKeys.set(free, String(free++));
		}
		for (const { name } of declared) {
			if (name === undefined || this.slots.has(name)) continue;
			while (this.slotKeys.has(free)) free += 1;
			this.slots.set(name, free);
			this.slotKeys.set(free, name);
			this.groupNames.push(name);
		}
	}

	slotOfName(name: string): number | undefined {
		return this.slots.get(name);
	}

	hasSlot(slot: number): boolean {
		return slot === 0 || this.slotKeys.has(slot);
	}

	nextUnnamed(): number {
		this.unnamed += 1;
		return this.unnamed;
	}

	declare(): void {
		// All groups are known from the first reading.
	}
}
