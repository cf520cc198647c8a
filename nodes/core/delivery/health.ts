import type { IngestErrorCode } from '../errors';

/** Something an on-call person may want to know; both triggers can emit it on their output "Health". */
export type HealthEvent =
	| {
			readonly event: 'unreachable';
			readonly code: IngestErrorCode;
			/** ISO 8601. */
			readonly since: string;
			readonly message: string;
			readonly remedy: string | null;
	  }
	| { readonly event: 'recovered'; readonly since: string; readonly failedPolls: number }
	| { readonly event: 'throttled'; readonly message: string; readonly retryAfterSeconds: number }
	| {
			/** The audit found this many messages that the server had not told of. */
			readonly event: 'missed';
			readonly mailbox: string;
			readonly count: number;
	  }
	| {
			/** The mailbox was put back to an earlier state, with the same UIDVALIDITY. */
			readonly event: 'restored';
			readonly mailbox: string;
	  }
	| {
			/** New mail waits, since too many deliveries are under way. */
			readonly event: 'heldBack';
			readonly mailbox: string;
			readonly pending: number;
	  }
	| {
			/** The server keeps announcing news that is none; it is asked more slowly. */
			readonly event: 'falseNews';
			readonly mailbox: string;
	  }
	| { readonly event: 'idleMissing'; readonly intervalSeconds: number }
	| (LastError & {
			readonly event: 'quarantined';
			readonly summary: string;
			readonly folder: string;
			readonly uids: readonly number[];
			readonly attempts: number;
			readonly reason: string;
			readonly messages: readonly FailedMessage[];
	  })
	| (LastError & FailedMessage & { readonly event: 'deliveryFailing'; readonly summary: string })
	| (LastError & {
			readonly event: 'workflowFailing';
			readonly summary: string;
			/** ISO 8601. */
			readonly since: string;
			/** Messages that wait for it. */
			readonly waiting: number;
	  })
	| {
			readonly event: 'workflowRecovered';
			readonly summary: string;
			readonly since: string;
			readonly probes: number;
	  }
	| {
			/** Messages that were given up stay where they are, since the server cannot move them. */
			readonly event: 'leftBehind';
			readonly uids: readonly number[];
			readonly attempts: number;
			readonly reason: string;
			/** Where there is a copy of them. */
			readonly copiedTo: string | null;
	  }
	| {
			/** Mail that a rule expects has not come. */
			readonly event: 'missing';
			readonly summary: string;
			readonly rule: string;
			/** ISO 8601, as are the others. */
			readonly due: string;
			readonly lastSeen: string | null;
	  }
	| {
			/** It has come after all, for that due time or for a later one. */
			readonly event: 'arrivedLate' | 'resumed';
			readonly summary: string;
			readonly rule: string;
			readonly due: string;
			readonly arrived: string;
	  }
	| { readonly event: 'retention'; readonly folder: string; readonly deleted: number }
	| {
			readonly event: 'secretExpires' | 'certificateExpires';
			readonly on: string;
			readonly daysLeft: number;
	  }
	| { readonly event: 'n8nSetting'; readonly summary: string; readonly setting: string }
	| { readonly event: 'heartbeat'; readonly pending: number };

/** What n8n said of the last execution that failed; null where it did not. */
export interface LastError {
	readonly lastError: string | null;
	readonly node: string | null;
	/** When that execution began, ISO 8601. */
	readonly startedAt: string | null;
	readonly executionIds: readonly string[];
}

/** A message that failed, as a person knows it. */
export interface FailedMessage {
	readonly uid: number;
	readonly subject: string;
	readonly from: readonly string[];
	readonly rule: string | null;
	/** Delivery ids of its items. */
	readonly ids: readonly string[];
	readonly attempts: number;
	readonly error: string;
}

export type Severity = 'error' | 'warning' | 'info';

const SEVERITY: Readonly<Record<HealthEvent['event'], Severity>> = {
	unreachable: 'error',
	recovered: 'info',
	throttled: 'warning',
	missed: 'warning',
	restored: 'warning',
	heldBack: 'error',
	falseNews: 'warning',
	idleMissing: 'warning',
	quarantined: 'error',
	leftBehind: 'error',
	deliveryFailing: 'warning',
	workflowFailing: 'error',
	workflowRecovered: 'info',
	missing: 'error',
	arrivedLate: 'info',
	resumed: 'info',
	retention: 'info',
	secretExpires: 'warning',
	certificateExpires: 'warning',
	n8nSetting: 'warning',
	heartbeat: 'info',
};

/** How urgent an event is; a secret or certificate that has expired already is an error. */
export function severityOf(event: HealthEvent): Severity {
	if ('daysLeft' in event && event.daysLeft <= 0) return 'error';
	return SEVERITY[event.event];
}

const DAY_MS = 86_400_000;
/** Days before its end on which an expiring secret is brought up. */
const REMINDERS = [30, 14, 7, 3, 1] as const;

/** A reminder that is due, and what to remember so that it is given once. */
export interface DueReminder {
	readonly event: HealthEvent;
	readonly key: string;
}

/**
 * The reminder of a client secret or certificate that expires: 30, 14, 7, 3 and 1 days before and daily when it is past. A day on which
 * nobody looked is made up for.
 *
 * @param expiresOn ISO date; it is good until the end of the day before it, in UTC
 * @param lastKey the key of the last reminder given
 */
export function expiryReminder(
	expiresOn: string | undefined,
	now: number,
	lastKey: string | undefined,
	event: 'secretExpires' | 'certificateExpires' = 'secretExpires',
): DueReminder | undefined {
	if (expiresOn === undefined) return undefined;
	const daysLeft = Math.ceil((Date.parse(expiresOn) - now) / DAY_MS);
	const stage = daysLeft <= 0 ? daysLeft : REMINDERS.findLast((days) => daysLeft <= days);
	if (stage === undefined) return undefined;
	const key = `${expiresOn}:${String(stage)}`;
	if (key === lastKey) return undefined;
	return { key, event: { event, on: expiresOn, daysLeft } };
}
