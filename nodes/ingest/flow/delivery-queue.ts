import type { Delivery } from '../../core/delivery/delivery';

/** Deliveries that wait for an execution. */
export class DeliveryQueue {
	/** What is put together as it comes. */
	private waiting: readonly Delivery[] = [];
	/** What gets an execution of its own: failed ones again, their halves, and suspects. */
	private units: ReadonlyArray<readonly Delivery[]> = [];
	/** The same of which the server may know that some messages are done. */
	private unsure: ReadonlyArray<readonly Delivery[]> = [];
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

	/**
	 * After a failed execution; halves isolate a bad message in a few steps, and the others are through.
	 *
	 * @param isUnsure whether they wait until the server has been asked, see `confirm`
	 */
	addAgain(deliveries: readonly Delivery[], inHalves: boolean, isUnsure: boolean): void {
		const middle = Math.ceil(deliveries.length / 2);
		const units = inHalves
			? [asNew(deliveries.slice(0, middle)), asNew(deliveries.slice(middle))]
			: [asFailed(deliveries)];
		if (isUnsure) this.unsure = [...this.unsure, ...units];
		else this.addUnits(units);
		for (const { uid } of deliveries) this.uids.add(uid);
	}

	/** Messages that wait until the server has been asked about them. */
	get unsureUids(): readonly number[] {
		return this.unsure.flat().map(({ uid }) => uid);
	}

	/** The server was asked: what is done is dropped, and the rest gets its executions. */
	confirm(done: ReadonlySet<number>): void {
		const open = this.unsure.map((unit) => unit.filter(({ uid }) => !done.has(uid)));
		for (const uid of this.unsureUids) this.uids.delete(uid);
		this.unsure = [];
		this.addUnits(open);
	}

	/**
	 * Takes the messages of one execution out; none while it is not full and more is being read.
	 *
	 * @param limit most messages
	 * @param cutUnits whether the limit counts for what failed, too
	 */
	take(limit: number, cutUnits: boolean): readonly Delivery[] {
		const batch =
			this.takeUnit(cutUnits ? limit : Number.POSITIVE_INFINITY) ?? this.takeWaiting(limit);
		for (const { uid } of batch) this.uids.delete(uid);
		return batch;
	}

	/** Takes everything out. */
	clear(): readonly Delivery[] {
		const all = [...this.units.flat(), ...this.unsure.flat(), ...this.waiting];
		this.unsure = [];
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
		const isCut = unit.length > limit;
		const rest = isCut ? [asNew(unit.slice(limit))] : [];
		this.units = [...rest, ...this.units.filter((other) => other !== unit)];
		return isCut ? asNew(unit.slice(0, limit)) : unit;
	}

	private takeWaiting(limit: number): readonly Delivery[] {
		if (this.isFilling && this.waiting.length < limit) return [];
		const batch = this.waiting.slice(0, limit);
		this.waiting = this.waiting.slice(limit);
		return batch;
	}
}

/** What failed together so often as it is now. */
function asFailed(unit: readonly Delivery[]): readonly Delivery[] {
	return unit.map((delivery) => ({
		...delivery,
		failedTogether: (delivery.failedTogether ?? 0) + 1,
	}));
}

/** What has not been together before. */
function asNew(unit: readonly Delivery[]): readonly Delivery[] {
	return unit.map((delivery) => ({ ...delivery, failedTogether: 0 }));
}

function isSuspect({ isSuspect: suspect }: Delivery): boolean {
	return suspect === true;
}
