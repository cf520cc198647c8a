import { chanceOfFailure, NEW_RATE, noteRun } from '../../core/delivery/call-rate';
import type { Delivery } from '../../core/delivery/delivery';
import {
	attemptsBeforeQuarantine,
	NEW_FLAKINESS,
	noteSuccess,
} from '../../core/delivery/flakiness';
import { isToHalve, toBatchPolicy } from '../../core/delivery/flow';
import type { BatchPolicy } from '../../core/delivery/flow';

/** How reliable the calls of a workflow have been, and what follows from that. */
export class ReceiverRecord {
	private flakiness = NEW_FLAKINESS;
	private rate = NEW_RATE;
	/** Sizes of executions that failed since one succeeded: those of a workflow that fails say nothing of its calls. */
	private unsure: number[] = [];

	/** How many messages an execution gets, by the option Messages per Execution. */
	policy(messages: number): BatchPolicy {
		return toBatchPolicy(messages, this.rate);
	}

	/** Whether messages whose execution failed are divided before the next one. */
	isToHalve(deliveries: readonly Delivery[]): boolean {
		return isToHalve(deliveries.length, failuresOf(deliveries) + 1, this.rate);
	}

	/** How likely an execution of so many messages fails by chance. */
	chanceOfFailure(size: number): number {
		return chanceOfFailure(size, this.rate);
	}

	/** How often a message has to fail alone before it counts as poison. */
	attempts(chosen: number): number {
		return attemptsBeforeQuarantine(chosen, this.flakiness);
	}

	/**
	 * Notes an execution that succeeded.
	 *
	 * @param failedAlone how often its messages had failed alone
	 * @param wasFailing true for the end of a failing time, which says nothing of how reliable the calls are
	 */
	succeeded(deliveries: readonly Delivery[], failedAlone: number, wasFailing: boolean): void {
		const passing = wasFailing ? 0 : failedAlone + failuresOf(deliveries);
		this.flakiness = noteSuccess(this.flakiness, deliveries.length, passing);
		if (wasFailing) return;
		for (const size of this.unsure.splice(0)) this.rate = noteRun(this.rate, size, true);
		if (isFresh(deliveries)) this.rate = noteRun(this.rate, deliveries.length, false);
	}

	/** Notes an execution that failed, with so many messages that are not known to fail by themselves. */
	failed(deliveries: readonly Delivery[], size: number, isFailing: boolean): void {
		if (isFailing) this.unsure = [];
		else if (isFresh(deliveries)) this.unsure.push(size);
	}
}

/** How often the messages have failed together. */
function failuresOf([first]: readonly Delivery[]): number {
	return first?.failedTogether ?? 0;
}

/** Whether messages are together for the first time. */
function isFresh([first]: readonly Delivery[]): boolean {
	return first?.failedTogether === undefined && first?.isSuspect !== true;
}
