import {
	assertSameNumbering,
	isOtherMessage,
	messageGone,
} from '../../core/message/message-reference';
import type { ActionMailbox } from '../../mail/action-ports';
import type { ScannedMessage } from '../../mail/ports';
import type { ItemCall } from './operation';
import { readMessage } from './read-fields';

/** The message of an item, for reading. */
export interface OpenedMessage {
	readonly mailbox: ActionMailbox;
	readonly message: ScannedMessage;
}

/**
 * Opens the mailbox of the item's message for reading and reads its head.
 *
 * @returns undefined when the message is gone and the item may pass all the same
 * @throws IngestError `stale-reference` when it is gone or the mailbox was renumbered
 */
export async function openMessage(call: ItemCall): Promise<OpenedMessage | undefined> {
	const reference = readMessage(call);
	const mailbox = await call.connection.open(reference.mailbox, { readOnly: true });
	assertSameNumbering(reference, mailbox.state);
	const [message] = await mailbox.heads([reference.uid]);
	if (message !== undefined && !isOtherMessage(reference, message.summary))
		return { mailbox, message };
	if (mayBeMissing(call)) return undefined;
	throw messageGone(reference);
}

/** Whether an item passes whose message is gone. */
export function mayBeMissing({ option }: ItemCall): boolean {
	return option('ignoreMissing') === true;
}
