import { createHash } from 'node:crypto';

import type { MessageSummary } from './message';

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
