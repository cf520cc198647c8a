import type { FaultKind, RunningFault } from './faults/fault-kind';
import { assess, isWanted, type Journal, type RoundOutcome } from './journal';
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
/** A round ends by itself; this is the number of polls after which it is given up. */
const POLLS = 60;
/** Polls a minute apart before those every quarter of an hour. */
const FREQUENT_POLLS = { usual: 45, slow: 3 };

/** Delivers mail, lets a fault happen, polls until all is settled, and looks at what came of it. */
export async function runRound(
	lane: Lane,
	fault: FaultKind,
	parts: { readonly choice: SeededChoice; readonly journal: Journal; readonly name: string },
): Promise<RoundResult> {
	const { choice, journal, name } = parts;
	const mails = compose(name, fault);
	const isEarly = comesBefore(fault);
	const early = isEarly ? mails.length : choice.between(0, mails.length);
	lane.beginRound(fault);
	const times: Times = { minutes: 0, struckAt: undefined, recoveredAt: 0 };
	const struck = () => {
		times.struckAt ??= times.minutes;
	};
	const prepare = () => fault.prepare({ lane, choice, struck });
	const deliver = () => lane.deliver(mails.slice(0, early));
	const isInstant = lane.options.trigger === 'instant';
	// Who watches is at work as soon as there is mail: then the fault has to be on its way.
	const ahead = isInstant && !isEarly ? await prepare() : undefined;
	await deliver();
	const running = ahead ?? (await prepare());
	await pollUntilOver({ lane, journal, mails, fault, running, late: mails.slice(early), times });
	await lane.endFaults(fault);
	const facts = { told: lane.toldCount, cannotMove: fault.cannotMove };
	const outcome = await assess(lane, journal, mails, facts);
	const unnoticed = lane.takeMissed();
	const missed = fault.holdsMail === true ? 0 : unnoticed;
	await lane.tidyUp();
	const { struckAt, recoveredAt } = times;
	return {
		...outcome,
		misplaced: [
			...outcome.misplaced,
			...Array.from({ length: missed }, () => 'mail was not noticed in time'),
		],
		fault: isInstant ? `instant trigger: ${fault.name}` : fault.name,
		mails: mails.length,
		struck: struckAt !== undefined,
		recovery: Math.max(0, recoveredAt - (struckAt ?? 0)),
	};
}

/** Minutes of the round's clock, which does not jump. */
interface Times {
	minutes: number;
	struckAt: number | undefined;
	recoveredAt: number;
}

interface Polling {
	readonly lane: Lane;
	readonly journal: Journal;
	readonly mails: readonly SentMail[];
	readonly fault: FaultKind;
	readonly running: RunningFault;
	/** Comes in while the first poll runs. */
	readonly late: readonly SentMail[];
	readonly times: Times;
}

async function pollUntilOver(polling: Polling): Promise<void> {
	const { lane, fault, running, late, times } = polling;
	const frequent = fault.isSlow === true ? FREQUENT_POLLS.slow : FREQUENT_POLLS.usual;
	let quiet = 0;
	for (let poll = 0; poll < POLLS && quiet < 2; poll += 1) {
		const pause = poll < frequent ? 1 : 15;
		lane.site.clock.now += pause * MINUTE_MS;
		times.minutes += pause;
		const { process } = await lane.ensureAlive();
		const arriving = poll === 0 ? late : [];
		await Promise.all([process.tick(poll === 0), arriving.length > 0 && lane.deliver(arriving)]);
		await running.afterPoll?.(times.minutes);
		const isSettled = await isOver(polling);
		if (!isSettled || times.struckAt === undefined) times.recoveredAt = times.minutes;
		quiet = isSettled ? quiet + 1 : 0;
	}
}

/** Whether all mail comes before the fault. */
function comesBefore({ hitsServer, comesWhileDown }: FaultKind): boolean {
	return hitsServer === true || comesWhileDown === true;
}

function compose(name: string, { mails, extraMail }: FaultKind): readonly SentMail[] {
	const kinds = mails ?? [...USUAL_MAIL, ...(extraMail === undefined ? [] : [extraMail])];
	return kinds.map((kind, index) => ({ kind, token: `${kind}-${name}-${String(index)}` }));
}

async function isOver({ lane, journal, mails, fault }: Polling): Promise<boolean> {
	const { process } = lane;
	if (process?.isAlive !== true || process.pending !== 0) return false;
	const open = mails.filter(isWanted).filter(({ token }) => !journal.isAccepted(token));
	if (open.length === 0) return true;
	// What cannot be moved, or not even be read, cannot be looked for.
	if (fault.comesWhileDown) return lane.toldCount >= open.length;
	const quarantined = await lane.list(MAILBOXES.quarantine);
	const there = new Set(quarantined.map(({ messageId = '' }) => messageId));
	return open.every(({ token }) => there.has(`<${token}@example.com>`));
}
