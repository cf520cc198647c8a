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
