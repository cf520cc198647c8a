import type { IngestError } from '../../core/errors';
import { restOfPause } from '../../core/pause';
import { pauseAfter } from '../../core/delivery/retry';
import type { Growth } from '../../core/delivery/retry';

/** Attempts in a row before the first pause: a restart of the server is over sooner than a pause. */
const FREE_ATTEMPTS = 3;
/** A server that stays away is asked every few minutes. */
const NETWORK_RETRY: Growth = { firstDelayMs: 2_000, maxDelayMs: 300_000 };
/** Refused sign-ins are not hammered: servers lock accounts out. */
const SIGN_IN_RETRY: Growth = { firstDelayMs: 30_000, maxDelayMs: 1_800_000 };

/** Why an account is left alone for a while. */
export interface ConnectPause {
	readonly error: IngestError;
	/** Failed attempts in a row. */
	readonly failures: number;
	/** Epoch milliseconds before which nobody connects. */
	readonly until: number;
	/** True when the server asked for it: then connections that are open are left alone as well. */
	readonly asked: boolean;
}

/**
 * The pause after a failed attempt to connect, or after an answer that asks for one: what the server asks for, else a
 * growing one with jitter, so that the nodes of many accounts do not come back all at once.
 *
 * @param at `now` in epoch milliseconds, `random` in [0, 1)
 */
export function planPause(
	last: ConnectPause | undefined,
	error: IngestError,
	at: { readonly now: number; readonly random: number },
): ConnectPause {
	const failures = (last?.failures ?? 0) + 1;
	const { retryAfterMs } = error;
	const delay = retryAfterMs ?? growingDelay(error, failures, at.random);
	return { error, failures, until: at.now + delay, asked: retryAfterMs !== undefined };
}

function growingDelay(error: IngestError, failures: number, random: number): number {
	if (error.kind === 'signIn') return pauseAfter(SIGN_IN_RETRY, failures, random);
	const paused = failures - FREE_ATTEMPTS;
	return paused <= 0 ? 0 : pauseAfter(NETWORK_RETRY, paused, random);
}

/**
 * The error with which an attempt to connect is refused without troubling the server, if it is.
 *
 * @param eager true when a person waits for the answer: then only a pause the server asked for counts
 */
export function refusalOf(
	pause: ConnectPause | undefined,
	now: number,
	eager: boolean,
): IngestError | undefined {
	if (pause === undefined || restOfPause(pause.until, now) === 0) return undefined;
	return eager && !pause.asked ? undefined : pause.error;
}
