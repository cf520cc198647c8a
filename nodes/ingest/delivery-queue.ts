import type { Delivery } from '../core/delivery/delivery';

/** Deliveries that wait for an execution. */
export class DeliveryQueue {
	/** What is put together as it comes. */
	private waiting: readonly Delivery[] = [];
	/** What gets an execution of its own: halves of failed ones, and suspects. */
	private units: ReadonlyArray<readonly Delivery[]> = [];
	private readonly uids = new Set<number>();
	/** True while more is being read, so that an execution that is not full had better wait. */
	isFilling = false;

	get length(): number {
		return this.uids.size;
	}

	has(uid: number): boolean {
		return this.uids.has(uid);
	}

	/** A message that fails while others succeed gets an execution of its own, after the others. */
	add(deliveries: readonly Delivery[]): void {
		this.waiting = [...this.waiting, ...deliveries.filter((delivery) => !isSuspect(delivery))];
		for (const { uid } of deliveries) this.uids.add(uid);
		this.addUnits(deliveries.filter(isSuspect).map((delivery) => [delivery]));
	}

	/** A failed execution is divided: that isolates a bad message in a few steps, and the others are through. */
	addHalves(deliveries: readonly Delivery[]): void {
		const middle = Math.ceil(deliveries.length / 2);
		this.addUnits([deliveries.slice(0, middle), deliveries.slice(middle)]);
	}

	/**
	 * Takes the messages of one execution out; none while it is not full and more is being read.
	 *
	 * @param limit most messages
	 * @param cutUnits whether the limit counts for halves of failed executions, too
	 */
	take(limit: number, cutUnits: boolean): readonly Delivery[] {
		const batch =
			this.takeUnit(cutUnits ? limit : Number.POSITIVE_INFINITY) ?? this.takeWaiting(limit);
		for (const { uid } of batch) this.uids.delete(uid);
		return batch;
	}

	/** Takes everything out. */
	clear(): readonly Delivery[] {
		const all = [...this.units.flat(), ...this.waiting];
		this.waiting = [];
		this.units = [];
		this.uids.clear();
		return all;
	}

	private addUnits(units: ReadonlyArray<readonly Delivery[]>): void {
		this.units = [...this.units, ...units.filter(({ length }) => length > 0)];
		for (const { uid } of units.flat()) this.uids.add(uid);
	}

	private takeUnit(limit: number): readonly Delivery[] | undefined {
		const index = this.units.findIndex(([first]) => first !== undefined && !isSuspect(first));
		const unit = this.units[index < 0 && this.waiting.length === 0 ? 0 : index];
		if (unit === undefined) return undefined;
		const rest = unit.length > limit ? [unit.slice(limit)] : [];
		this.units = [...rest, ...this.units.filter((other) => other !== unit)];
		return unit.slice(0, limit);
	}

	private takeWaiting(limit: number): readonly Delivery[] {
		if (this.isFilling && this.waiting.length < limit) return [];
		const batch = this.waiting.slice(0, limit);
		this.waiting = this.waiting.slice(limit);
		return batch;
	}
}

function isSuspect({ isSuspect: suspect }: Delivery): boolean {
	return suspect === true;
}
