import { combineCleanUps } from './effect-plan';
import type { RuleMatch } from '../rules/evaluate';
import type { MessageSummary } from '../message/message';
import type { CleanUp, Payload } from '../rules/rule';
import { createHash } from 'node:crypto';

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

/** Characters of a delivery id: 160 bits, more than collisions need and short enough to read out. */
const ID_LENGTH = 40;

/**
 * The stable key of a delivery: the same message and rule (or none) give the same id, also on re-delivery, after the message was
 * moved (replay from a folder), and after the server renumbered the mailbox (UIDVALIDITY).
 *
 * It is made of what a server keeps with a message: account, Message-ID, INTERNALDATE, size, From, Subject and Date.
 * A message without Message-ID adds its place, since two alerts of one second may look alike.
 */
export function deliveryId(message: MessageSummary, rule: string | null): string {
	const place =
		message.messageId === null ? [message.mailbox, message.uidValidity, message.uid] : [];
	const identity = [
		message.account,
		message.messageId,
		message.receivedAt,
		message.size,
		message.from,
		message.subject,
		message.date,
		...place,
		rule,
	];
	return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, ID_LENGTH);
}
