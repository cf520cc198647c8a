import { combineCleanUps } from './clean-up-plan';
import { deliveryId } from './delivery-id';
import type { RuleMatch } from './evaluate';
import type { MessageSummary } from './message';
import type { CleanUp, Payload } from './rule';

/**
 * What both triggers emit: one for each message and matching rule, or one for a message that no rule matched. Part of
 * the contract with saved workflows.
 */
export interface DeliveryItem {
	/** Stable delivery key: same message and rule = same id, also on re-delivery. */
	readonly id: string;
	/** Null for a message that no rule matched; its payload is empty. */
	readonly rule: string | null;
	readonly payload: Payload;
	readonly message: MessageSummary;
	/** Counts from 1. */
	readonly attempt: number;
}

/** A message handed, or to be handed, to the workflow. */
export interface Delivery {
	readonly uid: number;
	readonly attempt: number;
	readonly items: readonly DeliveryItem[];
	/** What happens to the message once the delivery is acknowledged. */
	readonly cleanUp: CleanUp;
}

/** How the execution that got a delivery ended; `unknown` counts as not delivered. */
export type Outcome = 'success' | 'failure' | 'unknown';

/** Message and matching rules -> delivery. */
export function toDelivery(
	message: MessageSummary,
	matches: readonly RuleMatch[],
	attempt: number,
): Delivery {
	return {
		uid: message.uid,
		attempt,
		items: matches.map(({ rule, payload }) => ({
			id: deliveryId(message, rule.name),
			rule: rule.name,
			payload,
			message,
			attempt,
		})),
		cleanUp: combineCleanUps(matches.map(({ rule }) => rule.cleanUp)),
	};
}

/** A message that no rule matched -> delivery; it stays in the mailbox. */
export function toUnmatchedDelivery(message: MessageSummary, attempt: number): Delivery {
	return {
		uid: message.uid,
		attempt,
		items: [{ id: deliveryId(message, null), rule: null, payload: {}, message, attempt }],
		cleanUp: { action: 'none' },
	};
}
