import { hash } from 'node:crypto';
import { isTriedApart } from './crashes';
import { postpone } from './cursor';
import type { Cursor } from './cursor';
import type { RetryPolicy } from './retry';

/** What the IMAP keywords of this package begin with; a message that is to be new again loses them. */
export const KEYWORD_PREFIX = '$Ingest';

/** The IMAP keyword with which the action node acknowledges a delivery whose message stays where it is. */
export const DELIVERED_KEYWORD = `${KEYWORD_PREFIX}Done`;

/**
 * The IMAP keyword with which a trigger remembers on the server what it has delivered. It is what survives a restart:
 * n8n stores static data only with an execution, and the next one may be days away. Each trigger has its own, since
 * what one workflow has got another one may still wait for.
 */
export function triggerKeyword(workflowId: string, nodeId: string): string {
	const name = hash('sha256', `${workflowId}:${nodeId}`);
	return `${DELIVERED_KEYWORD}_${name.slice(0, 8)}`;
}

/** When a delivery counts as acknowledged. */
export type AcknowledgeMode = 'executionSucceeded' | 'handOff' | 'actionNode';

/**
 * How long, in milliseconds, a process that does not know of a delivery leaves it alone (after a crash, or another main
 * of a cluster): its execution may still run.
 */
const LEASE_MS = 300_000;
/** How long, in milliseconds, the action node has to acknowledge: workflows that wait for people do so for hours. */
const ACTION_NODE_LEASE_MS = 86_400_000;

/** How long, in milliseconds, a delivery is left alone that was handed over. */
export function leaseOf(acknowledge: AcknowledgeMode): number {
	return acknowledge === 'actionNode' ? ACTION_NODE_LEASE_MS : LEASE_MS;
}

/** The longest, in milliseconds, that a delivery is ever left alone. */
export function longestWait(acknowledge: AcknowledgeMode, retry: RetryPolicy): number {
	return Math.max(leaseOf(acknowledge), retry.maxDelayMs);
}

/** How long, in milliseconds, n8n goes on with executions as it is shut down, unless it is set otherwise. */
const SHUTDOWN_MS = 30_000;

/**
 * A process that has just begun finds what another one has handed over: where executions run in the process itself, they
 * have ended with it, or are about to. What failed alone keeps its pause, and so does what n8n may die of.
 */
export function shortenLeases(cursor: Cursor, now: number): Cursor {
	if (cursor.ranHere !== true) return cursor;
	const left = cursor.pending.filter(
		(delivery) => (delivery.strikes ?? 0) === 0 && !isTriedApart(delivery),
	);
	const until = now + SHUTDOWN_MS;
	return postpone(
		cursor,
		new Map(left.map(({ uid, notBefore }) => [uid, Math.min(notBefore, until)])),
	);
}
