import type { IngestError, IngestErrorCode } from '../errors';
import { restOfPause } from '../pause';
import { pauseAfter } from './retry';
import type { Growth } from './retry';

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

/** An outage that was raised, as it is remembered over a restart. */
export interface ToldOutage {
	readonly code: string;
	/** Epoch milliseconds. */
	readonly since: number;
}

/** What was told is told again when it lasts: what is remembered may be wrong, and nobody is to rely on silence. */
const REMEMBERED_MS = 86_400_000;

/** The outage to go on with after a restart: the one that was told, if the error is of its kind. */
export function recallOutage(
	told: ToldOutage | undefined,
	error: IngestError,
	now: number,
): Outage | undefined {
	if (
		told?.code !== error.code ||
		restOfPause(told.since + REMEMBERED_MS, now, REMEMBERED_MS) === 0
	)
		return undefined;
	return { ...beginOutage(error.code, told.since), reported: true };
}

/** Refused sign-ins are not hammered: servers lock accounts out. */
const SIGN_IN_RETRY: Growth = { firstDelayMs: 60_000, maxDelayMs: 1_800_000 };

/** A single lost connection is no reason to wake somebody; the second failed poll in a row is. */
const FAILURES_BEFORE_REPORT = 2;

/**
 * What a failed poll means: the outage it begins or prolongs, and whether to raise a failed execution now. One outage is
 * raised once, so that an error workflow does not fire every minute.
 *
 * @param starting true for the poll that n8n runs while it starts or changes its leader: raising an error there can
 * switch the trigger off for good, so it is left to a later poll
 * @param toleratedMs milliseconds that a server may be away before that is worth raising
 */
export function noteFailure(
	outage: Outage | undefined,
	error: IngestError,
	at: {
		readonly now: number;
		readonly random: number;
		readonly starting: boolean;
		readonly toleratedMs?: number;
	},
): { readonly outage: Outage; readonly raise: boolean } {
	const known = outage?.code === error.code ? outage : beginOutage(error.code, at.now);
	const failures = known.failures + 1;
	const lasted = at.now - known.since >= (at.toleratedMs ?? 0);
	const raise = !known.reported && !at.starting && isWorthRaising(error, failures, lasted);
	return {
		raise,
		outage: {
			...known,
			failures,
			reported: known.reported || raise,
			retryAt: at.now + restAfter(error, failures, at.random),
		},
	};
}

const IN_DOUBT: ReadonlySet<IngestErrorCode> = new Set([
	'host-not-found',
	'connection-refused',
	'certificate-not-trusted',
	'mailbox-not-connected',
]);

/**
 * Whether only the server, and no setting, can be at fault: it said so, fell silent or ended the connection. A host, port,
 * certificate or permission that is wrong for ever looks like one that is wrong just now.
 */
export function isPassing({ kind, code }: IngestError): boolean {
	return kind === 'unavailable' && !IN_DOUBT.has(code);
}

/** Whether the server is to be left alone; a clock that was set back to before the outage ends the pause. */
export function isPaused(outage: Outage | undefined, now: number): boolean {
	return outage !== undefined && outage.since <= now && restOfPause(outage.retryAt, now) > 0;
}

function beginOutage(code: IngestErrorCode, now: number): Outage {
	return { code, since: now, failures: 0, reported: false, retryAt: now };
}

function isWorthRaising(error: IngestError, failures: number, lasted: boolean): boolean {
	return error.kind !== 'unavailable' || (lasted && failures >= FAILURES_BEFORE_REPORT);
}

/** Milliseconds to leave the server alone: what it asked for, or a growing pause while it refuses the sign-in. */
function restAfter(error: IngestError, failures: number, random: number): number {
	const growing = error.kind === 'signIn' ? pauseAfter(SIGN_IN_RETRY, failures, random) : 0;
	return error.retryAfterMs ?? growing;
}
