import type { OpenTrigger } from './open-trigger';

/** Accounts that are polled at once. */
const LANES = 4;

export interface FailedAccount {
	readonly trigger: OpenTrigger;
	readonly error: unknown;
}

/**
 * Polls the accounts of a trigger, a few at once; the time is shared among them, and each call begins with another one.
 * One that fails does not hold back the others.
 *
 * @param poll gets the time by which the account has to be done, in epoch milliseconds
 */
export async function pollAccounts(
	triggers: readonly OpenTrigger[],
	turn: number,
	deadline: number,
	poll: (trigger: OpenTrigger, deadline: number) => Promise<void>,
): Promise<readonly FailedAccount[]> {
	const waiting = [...rotate(triggers, turn)];
	const failed: FailedAccount[] = [];
	const serve = async (): Promise<void> => {
		for (let trigger = waiting.shift(); trigger !== undefined; trigger = waiting.shift()) {
			const now = trigger.ingest.clock.now();
			try {
				await poll(trigger, shareOf(now, deadline, waiting.length + 1, LANES));
			} catch (error) {
				failed.push({ trigger, error });
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(LANES, triggers.length) }, serve));
	return failed;
}

/** The same entries, beginning with another one each turn. */
export function rotate<Entry>(entries: readonly Entry[], turn: number): readonly Entry[] {
	const first = entries.length === 0 ? 0 : turn % entries.length;
	return [...entries.slice(first), ...entries.slice(0, first)];
}

/**
 * When one of those who wait for the rest of a time has to be done, so that all of them get the same.
 *
 * @param now epoch milliseconds, as is `deadline`
 * @param waiting how many wait, that one included
 * @param lanes how many are served at once
 */
export function shareOf(now: number, deadline: number, waiting: number, lanes: number): number {
	const rounds = Math.max(1, Math.ceil(waiting / lanes));
	return now + Math.max(0, deadline - now) / rounds;
}
