import { DELIVERED_KEYWORD } from '../core/delivery/acknowledgement';
import type { CleanUpEffect, Effect, EffectStep } from '../core/delivery/effect-plan';
import { IngestError } from '../core/errors';
import type { OpenMailbox } from '../mail/ports';
import type { IngestSettings } from './ingest';

/** What failed for single messages, by UID. */
export type Failures = ReadonlyMap<number, IngestError>;

const NONE: Failures = new Map();

/** Who is told what became of each item, as soon as that is known; either may throw to stop. */
export interface PlanReport {
	/** Everything the item asked for is done; `last` is the last step of it. */
	done(itemIndex: number, last: EffectStep): void;
	failed(itemIndex: number, error: IngestError): void;
}

/**
 * Performs steps in order. A message whose step was refused is left alone by the later ones, except that a trigger still
 * notes what it has delivered.
 *
 * @param perform does one effect to messages; tells what failed for single ones, or rejects where all were refused
 * @throws IngestError when the server can no longer be used: items not told of until then were not finished
 */
export async function performPlan<Wanted extends Effect>(
	steps: ReadonlyArray<EffectStep<Wanted>>,
	perform: (effect: Wanted, uids: readonly number[]) => Promise<Failures>,
	report: PlanReport,
): Promise<void> {
	const lastStep = new Map<number, EffectStep>();
	for (const step of steps) {
		for (const { itemIndex } of step.targets) lastStep.set(itemIndex, step);
	}
	const failures = new Map<number, IngestError>();
	for (const step of steps) {
		const { effect, targets } = step;
		const wanted = [...new Set(targets.map(({ uid }) => uid))];
		const uids = effect.kind === 'remember' ? wanted : wanted.filter((uid) => !failures.has(uid));
		for (const [uid, error] of await attempt(uids, () => perform(effect, uids))) {
			failures.set(uid, failures.get(uid) ?? error);
		}
		for (const { itemIndex, uid } of targets) {
			const error = failures.get(uid);
			if (lastStep.get(itemIndex) !== step) continue;
			if (error !== undefined) report.failed(itemIndex, error);
			else report.done(itemIndex, step);
		}
	}
}

async function attempt(
	uids: readonly number[],
	perform: () => Promise<Failures>,
): Promise<Failures> {
	if (uids.length === 0) return NONE;
	try {
		return await perform();
	} catch (error) {
		if (!(error instanceof IngestError) || isGone(error)) throw error;
		return new Map(uids.map((uid) => [uid, error]));
	}
}

/**
 * A lost connection concerns all messages: going on would only knock at a closed door. An answer such as [SERVERBUG] or
 * [INUSE] (RFC 5530) is about this command: new mail must not wait for it.
 */
export function isGone({ kind, code, retryAfterMs }: IngestError): boolean {
	return kind === 'unavailable' && !(code === 'throttled' && retryAfterMs === undefined);
}

/**
 * Does one effect of a clean-up to messages of an open mailbox.
 *
 * @param fallback what to do where the server cannot move; there it refuses unless this says otherwise
 * @throws IngestError when the server refuses it
 */
export async function performCleanUp(
	mailbox: OpenMailbox,
	effect: CleanUpEffect,
	uids: readonly number[],
	fallback?: Pick<IngestSettings, 'cannotMove' | 'keyword'>,
): Promise<Failures> {
	switch (effect.kind) {
		case 'addFlag':
			await mailbox.addFlag(uids, effect.flag);
			break;
		case 'acknowledge':
			await acknowledge(mailbox, uids, effect.required);
			break;
		case 'remember':
			// Where a server keeps no keywords, a restart may deliver these messages again, with the same id.
			await mailbox.addKeyword(uids, effect.keyword);
			break;
		case 'move':
			await move(mailbox, uids, effect.folder, fallback);
			break;
		case 'delete':
			await mailbox.delete(uids, fallback?.cannotMove);
			break;
	}
	return NONE;
}

/** What is only copied stays, and is marked like everything that does. */
async function move(
	mailbox: OpenMailbox,
	uids: readonly number[],
	folder: string,
	fallback: Parameters<typeof performCleanUp>[3],
): Promise<void> {
	await mailbox.move(uids, folder, fallback?.cannotMove);
	if (mailbox.canMove || fallback?.cannotMove !== 'copy') return;
	await mailbox.addKeyword(uids, fallback.keyword);
}

async function acknowledge(
	mailbox: OpenMailbox,
	uids: readonly number[],
	required: boolean,
): Promise<void> {
	const isTaken = await mailbox.addKeyword(uids, DELIVERED_KEYWORD);
	if (!required) return;
	// An OK is not enough: without the keyword the trigger would deliver the messages again and again.
	const flags = isTaken ? await mailbox.flags(uids) : undefined;
	const isLost = (uid: number) => flags?.get(uid)?.has(DELIVERED_KEYWORD) === false;
	if (isTaken && !uids.some(isLost)) return;
	throw new IngestError(
		'refused-by-server',
		`The mailbox "${mailbox.state.path}" keeps no keywords, so ${DELIVERED_KEYWORD} cannot tell the trigger that the delivery succeeded.`,
		{
			field: 'Clean Up',
			remedy:
				'Choose Move to Folder or Delete, or let the trigger acknowledge when the execution has succeeded.',
		},
	);
}
