import type { Readable } from 'node:stream';
import type { Attachment } from '../core/message/message';
import type { MessageSearch } from '../core/message/message-search';
import type { MailAccount, OpenMailbox, RetentionMailbox } from './ports';

/** An attachment, and whether it is only a picture within the text. */
export interface AttachedFile extends Attachment {
	readonly inlinePicture: boolean;
}

export interface MessageHeader {
	/** Field names in lower case; values decoded and unfolded, those of a repeated field on a line each. */
	readonly fields: Readonly<Record<string, string>>;
	/** True when only the beginning was read, because of a limit. */
	readonly truncated: boolean;
}

/** A mailbox on whose messages the action node acts; what OpenMailbox says of calls and errors holds here too. */
export interface ActionMailbox extends OpenMailbox, RetentionMailbox {
	/** UIDs in ascending order; may hold more than is wanted, see `isWanted`, but never less. */
	search(wanted: MessageSearch): Promise<readonly number[]>;
	removeFlag(uids: readonly number[], flag: '\\Seen' | '\\Flagged'): Promise<void>;
	/** Removes every keyword that begins so. */
	removeKeywords(uids: readonly number[], prefix: string): Promise<void>;
	/** Copies, creating the folder when it is missing; returns the UIDs that were copied, the others are gone. */
	copy(uids: readonly number[], folder: string): Promise<readonly number[]>;
	/** When messages were put into this mailbox, epoch milliseconds by UID; empty where the server does not tell (RFC 8514). */
	saveDates(uids: readonly number[]): Promise<ReadonlyMap<number, number>>;
	/** The header, or undefined when the message is gone. */
	header(uid: number): Promise<MessageHeader | undefined>;
	/** The attachments, or undefined when the message is gone. */
	files(uid: number): Promise<readonly AttachedFile[] | undefined>;
	/**
	 * Streams the message as it stands, or one part of it decoded, to `consume`, and gives its result and how many bytes
	 * there were.
	 *
	 * @param part IMAP part number; null for the whole message
	 * @param limit bytes; more than that rejects with `message-unreadable`
	 */
	stream<Result>(
		source: { readonly uid: number; readonly part: string | null; readonly limit: number },
		consume: (content: Readable) => Promise<Result>,
	): Promise<{ readonly result: Result; readonly bytes: number }>;
}

/** What a mailbox answers to STATUS (RFC 3501, 6.3.10). */
export interface MailboxCounts {
	readonly path: string;
	readonly messages: number;
	readonly unread: number;
	readonly uidNext: number;
	readonly uidValidity: string;
}

/** A signed-in connection; its methods must not be called at the same time as each other. */
export interface ActionConnection {
	/** Opens a mailbox, or comes back to the one opened before under this path. */
	open(path: string, options?: { readonly readOnly?: boolean }): Promise<ActionMailbox>;
	list: MailAccount['list'];
	exists(path: string): Promise<boolean>;
	/** Creates a mailbox and subscribes to it; `created` is false when it was there already. */
	create(path: string): Promise<{ readonly path: string; readonly created: boolean }>;
	status(path: string): Promise<MailboxCounts>;
}

/** An account for the action node: one connection serves all items. */
export interface ActionAccount {
	withConnection<Result>(work: (connection: ActionConnection) => Promise<Result>): Promise<Result>;
}
