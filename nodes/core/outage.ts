import type { IngestError, IngestErrorCode } from './errors';
import { nextDelay } from './retry';
import type { RetryPolicy } from './retry';

/** A run of failed polls. */
export interface Outage {
	readonly code: IngestErrorCode;
	/** Epoch milliseconds of the first failure. */
	readonly since: number;
	readonly failures: number;
	/** True once it was raised as a failed execution. */
	readonly reported: boolean;
	/** Epoch milliseconds before which the server is left alone. */
	readonly retryAt: number;
}

/** Refused sign-ins are not hammered: servers lock accounts out. */
const SIGN_IN_RETRY: RetryPolicy = {
	maxAttempts: Number.POSITIVE_INFINITY,
	firstDelayMs: 60_000,
	maxDelayMs: 1_800_000,
};

/** A single lost connection is no reason to wake somebody; the second failed poll in a row is. */
const FAILURES_BEFORE_REPORT = 2;

/**
 * What a failed poll means: the outage it begins or prolongs, and whether to raise a failed execution now. One outage is
 * raised once, so that an error workflow does not fire every minute.
 *
 * @param starting true for the poll that n8n runs while it starts or changes its leader: raising an error there can
 * switch the trigger off for good, so it is left to a later poll
 */
export function noteFailure(
	outage: Outage | undefined,
	error: IngestError,
	at: { readonly now: number; readonly random: number; readonly starting: boolean },
): { readonly outage: Outage; readonly raise: boolean } {
	const known = outage?.code === error.code ? outage : undefined;
	const failures = (known?.failures ?? 0) + 1;
	const enough = error.kind !== 'unavailable' || failures >= FAILURES_BEFORE_REPORT;
	const raise = known?.reported !== true && enough && !at.starting;
	const pause =
		error.retryAfterMs ??
		(error.kind === 'signIn' ? nextDelay(SIGN_IN_RETRY, failures, at.random) : undefined);
	return {
		raise,
		outage: {
			code: error.code,
			since: known?.since ?? at.now,
			failures,
			reported: known?.reported === true || raise,
			retryAt: at.now + (pause ?? 0),
		},
	};
}
