/*
 * What a message is (message.ts), how it is referred to and searched, and what its receiving host says of the sender
 * (authentication.ts).
 */
import type { AuthenticationSummary } from './authentication';

/** Where a message lies: what an action needs to find exactly this message again (RFC 3501, 2.3.1.1). */
export interface MessageReference {
	/** `user@host` of the account, for people and for the delivery id. */
	readonly account: string;
	readonly mailbox: string;
	/** UIDVALIDITY as a decimal string: it is a 32-bit number to IMAP and a bigint to the driver. */
	readonly uidValidity: string;
	readonly uid: number;
	/** Tells where the UID was given to another message, as after a restore; null or absent where there is none. */
	readonly messageId?: string | null;
}

/** An attachment as the structure describes it; its bytes are not read. */
export interface Attachment {
	/** IMAP part number, e.g. `2` or `2.1`. */
	readonly part: string;
	readonly fileName: string | null;
	readonly contentType: string;
	/** Bytes in transfer encoding, as the server counts them. */
	readonly size: number;
}

/** What a delivery status notification tells (RFC 3464, 2.2 and 2.3). */
export interface Bounce {
	readonly reportingMta: string | null;
	/** 20 at most. */
	readonly recipients: readonly BouncedRecipient[];
}

/** What became of the mail to one recipient. */
export interface BouncedRecipient {
	readonly recipient: string | null;
	/** `failed`, `delayed`, `delivered`, `relayed` or `expanded`. */
	readonly action: string | null;
	/** `5.1.1` and the like (RFC 3463). */
	readonly status: string | null;
	readonly diagnosticCode: string | null;
}

/** The `message` of an item: a reference and what a person needs to recognise the mail. */
export interface MessageSummary extends MessageReference {
	readonly messageId: string | null;
	/** Bare addresses, one for each From mailbox. */
	readonly from: readonly string[];
	readonly to: readonly string[];
	/** Decoded and unfolded; empty when there is none. */
	readonly subject: string;
	/** The Date header as ISO 8601, or null when it is missing or not a date. */
	readonly date: string | null;
	/** INTERNALDATE as ISO 8601. */
	readonly receivedAt: string;
	/** RFC822.SIZE in bytes. */
	readonly size: number;
	readonly attachments: readonly Attachment[];
	/** What the receiving host found out of the sender; absent where none is trusted, or it says nothing. */
	readonly authentication?: AuthenticationSummary;
	/** Keyword of Auto-Submitted (RFC 3834, 5): `auto-generated`, `auto-replied` and the like. */
	readonly autoSubmitted?: string;
	/** Set for a delivery status notification (RFC 3464). */
	readonly bounce?: Bounce;
	/**
	 * Set where it is not certain who the sender is: several From fields or mailboxes, a group, or another address in a
	 * display name.
	 */
	readonly ambiguousSender?: true;
	/** Set when addresses were left out because of a limit: 200 of a field, or 64 KB of header fields. */
	readonly truncated?: true;
}

/** Which of a message's texts come first: plain parts, or HTML parts. */
export type TextFrom = 'plain' | 'html';

export type BodySource = 'text' | 'html' | 'none';

/** The text that Body patterns are matched against. */
export interface BodyText {
	readonly text: string;
	/** The same with a tab between the cells of a table, where there are any. */
	readonly cells?: string;
	readonly source: BodySource;
	/** True when only the beginning was read or converted, because of a limit. */
	readonly truncated: boolean;
}

/** Values of header fields by name in lower case, decoded and on one line, one for each time the field is there. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/**
 * What rules are matched against. The body is absent while only the head has been read; the other optional parts are
 * absent where they are not known.
 */
export interface MatchableMessage {
	readonly from: readonly string[];
	/** Set where a From filter has to match every address, because it is not certain which of them is the sender. */
	readonly ambiguousSender?: true;
	/** Where the mailbox lies: whose word on the sender counts. */
	readonly host?: string;
	readonly subject: string;
	/** Bare addresses. */
	readonly to?: readonly string[];
	readonly cc?: readonly string[];
	readonly headers?: HeaderValues;
	readonly attachmentNames?: readonly string[];
	readonly body?: BodyText | undefined;
	/** The same for rules that take the text from HTML parts first. */
	readonly bodyOfHtml?: BodyText;
}

/** True for a message that somebody has deleted and that the server has not removed yet; flags know no case (RFC 3501, 2.3.2). */
export function isDeleted(flags: ReadonlySet<string>): boolean {
	return [...flags].some((flag) => flag.toLowerCase() === '\\deleted');
}
