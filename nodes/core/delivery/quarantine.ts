import { groupBy } from '../group-by';
import { KEYWORD_PREFIX } from './acknowledgement';
import type { FailedDelivery, FinalReason } from './delivery';

/** Why a message went to quarantine: executions with it failed, it could not be read, or what no other attempt changes. */
export type QuarantineReason = 'executionFailed' | 'unreadable' | FinalReason;

export const QUARANTINE_REASONS: readonly QuarantineReason[] = [
	'executionFailed',
	'unreadable',
	'oversized',
	'undecided',
	'unauthenticated',
];
const PREFIX = `${KEYWORD_PREFIX}Quarantined_`;

/** Why this message goes there. */
export function quarantineReason({ delivery, final }: FailedDelivery): QuarantineReason {
	if (delivery !== undefined) return 'executionFailed';
	return final ?? 'unreadable';
}

/** When a message was given up, as words that follow what was done with it. */
export function whenGivenUp({ attempt, final }: FailedDelivery): string {
	if (final !== undefined) return 'at once, since another attempt would end the same';
	return `after ${String(attempt)} attempt(s)`;
}

/** Messages that were given up for the same reason at the same time of their lives are told of together. */
export function groupGivenUp(
	failed: readonly FailedDelivery[],
): ReadonlyArray<readonly [FailedDelivery, ...FailedDelivery[]]> {
	return [...groupBy(failed, (message) => `${whenGivenUp(message)}: ${message.reason}`).values()];
}

/** The IMAP keyword that tells the action node why: it outlasts n8n, and moves with the message. */
export function quarantineKeyword(reason: QuarantineReason): string {
	return PREFIX + reason;
}

/** Reads that keyword, whose case a server may change (RFC 3501, 9: flag-keyword); null where there is none. */
export function readQuarantineReason(flags: ReadonlySet<string>): QuarantineReason | null {
	const known = new Set([...flags].map((flag) => flag.toLowerCase()));
	return (
		QUARANTINE_REASONS.find((reason) => known.has(quarantineKeyword(reason).toLowerCase())) ?? null
	);
}
