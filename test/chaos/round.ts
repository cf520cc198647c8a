import type { FaultKind, RunningFault } from './faults';
import { assess, isHopeless, isWanted, type Journal, type RoundOutcome } from './journal';
import { MAILBOXES, type MailKind } from './chaos-workflow';
import type { SentMail } from './chaos-mailbox';
import type { Lane } from './lane';
import type { SeededChoice } from './seeded-choice';

/** One fault and what it did to the mails that were under way. */
export interface RoundResult extends RoundOutcome {
	readonly fault: string;
	readonly mails: number;
	/** False when the moment the fault waited for did not come. */
	readonly struck: boolean;
	/** Minutes (polls) from the fault to the last delivery that was still to come. */
	readonly recovery: number;
}

const USUAL_MAIL: readonly MailKind[] = [
	...(['move', 'move', 'move', 'read', 'read', 'flag', 'stay', 'delete', 'delete'] as const),
	...(['move', 'other'] as const),
];
const MINUTE_MS = 60_000;
/** A round ends by itself; these are the polls after which it is given up: 45 a minute apart, then every quarter. */
const POLLS = { frequent: 45, inAll: 60 };

/** Delivers mail, lets a fault happen, polls until all is settled, and looks at what came of it. */
export async function runRound(
	lane: Lane,
	fault: FaultKind,
	parts: { readonly choice: SeededChoice; readonly journal: Journal; readonly name: string },
): Promise<RoundResult> {
	const { clock, webhook } = lane.site;
	const { choice, journal, name } = parts;
	const mails = compose(name, fault.extraMail);
	let minutes = 0;
	let struckAt: number | undefined;
	let recoveredAt = 0;
	const split = fault.hitsServer ? mails.length : choice.between(0, mails.length);
	await lane.deliver(mails.slice(0, split));
	const running: RunningFault = await fault.prepare({
		lane,
		choice,
		struck: () => {
			struckAt ??= minutes;
		},
	});
	let late = mails.slice(split);
	let quiet = 0;
	for (let poll = 0; poll < POLLS.inAll && quiet < 2; poll += 1) {
		const pause = poll < POLLS.frequent ? 1 : 15;
		clock.now += pause * MINUTE_MS;
		minutes += pause;
		const { process } = await lane.ensureAlive();
		await Promise.all([process.tick(), late.length > 0 && lane.deliver(late)]);
		late = [];
		await running.afterPoll?.(minutes);
		const isSettled = await isOver(lane, journal, mails);
		if (!isSettled || struckAt === undefined) recoveredAt = minutes;
		quiet = isSettled ? quiet + 1 : 0;
	}
	lane.gate?.clear();
	lane.process?.clearPlans();
	webhook.clear();
	const outcome = await assess(lane, journal, mails);
	await lane.tidyUp();
	return {
		...outcome,
		fault: fault.name,
		mails: mails.length,
		struck: struckAt !== undefined,
		recovery: Math.max(0, recoveredAt - (struckAt ?? 0)),
	};
}

function compose(name: string, extra: MailKind | undefined): readonly SentMail[] {
	const kinds = extra === undefined ? USUAL_MAIL : [...USUAL_MAIL, extra];
	return kinds.map((kind, index) => ({ kind, token: `${kind}-${name}-${String(index)}` }));
}

async function isOver(lane: Lane, journal: Journal, mails: readonly SentMail[]): Promise<boolean> {
	const { process } = lane;
	if (process?.isAlive !== true || process.pending !== 0) return false;
	const open = mails.filter(isWanted).filter(({ token }) => !journal.isAccepted(token));
	if (open.length === 0) return true;
	if (open.length > mails.filter(isHopeless).length && process.pending !== 0) return false;
	const quarantined = await lane.list(MAILBOXES.quarantine);
	const there = new Set(quarantined.map(({ messageId = '' }) => messageId));
	return open.every(({ token }) => there.has(`<${token}@example.com>`));
}
