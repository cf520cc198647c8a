import { createHash } from 'node:crypto';

/** The IMAP keyword with which the action node acknowledges a delivery whose message stays where it is. */
export const DELIVERED_KEYWORD = '$IngestDone';

/**
 * The IMAP keyword with which a trigger remembers on the server what it has delivered. It is what survives a restart:
 * n8n stores static data only with an execution, and the next one may be days away. Each trigger has its own, since
 * what one workflow has got another one may still wait for.
 */
export function triggerKeyword(workflowId: string, nodeId: string): string {
	const hash = createHash('sha256').update(`${workflowId}:${nodeId}`).digest('hex');
	return `${DELIVERED_KEYWORD}_${hash.slice(0, 8)}`;
}

/** When a delivery counts as acknowledged. */
export type AcknowledgeMode = 'executionSucceeded' | 'handOff' | 'actionNode';
