import type { EffectStep } from '../../core/delivery/effect-plan';
import type { ActionMailbox } from '../../mail/action-ports';
import { throwIfUnavailable } from './operation';
import { performEffect } from './perform-effect';

/** Who is told what became of each item, as soon as that is known; either may throw to stop. */
export interface PlanReport {
	/** Everything the item asked for is done; `last` is the last step of it. */
	done(itemIndex: number, last: EffectStep): void;
	failed(itemIndex: number, error: unknown): void;
}

/**
 * Performs steps in order. A message whose step failed is left alone by the later ones.
 *
 * @throws IngestError when the server can no longer be used: items not told of until then were not finished
 */
export async function performPlan(
	mailbox: ActionMailbox,
	steps: readonly EffectStep[],
	report: PlanReport,
): Promise<void> {
	const lastStep = new Map<number, EffectStep>();
	for (const step of steps) {
		for (const { itemIndex } of step.targets) lastStep.set(itemIndex, step);
	}
	const failures = new Map<number, unknown>();
	const told = new Set<number>();
	for (const step of steps) {
		await performStep(mailbox, step, failures);
		for (const { itemIndex, uid } of step.targets) {
			const hasFailed = failures.has(uid);
			if (told.has(itemIndex) || (!hasFailed && lastStep.get(itemIndex) !== step)) continue;
			told.add(itemIndex);
			if (hasFailed) report.failed(itemIndex, failures.get(uid));
			else report.done(itemIndex, step);
		}
	}
}

/** Adds what went wrong to `failures`, by UID. */
async function performStep(
	mailbox: ActionMailbox,
	{ effect, targets }: EffectStep,
	failures: Map<number, unknown>,
): Promise<void> {
	const uids = [...new Set(targets.map(({ uid }) => uid))].filter((uid) => !failures.has(uid));
	if (uids.length === 0) return;
	try {
		for (const [uid, error] of await performEffect(mailbox, effect, uids)) failures.set(uid, error);
	} catch (error) {
		throwIfUnavailable(error);
		for (const uid of uids) failures.set(uid, error);
	}
}
