/*
 * IMAP for the layers above: ports.ts and action-ports.ts say what they see. account.ts and action-account.ts open an
 * account over connections/, mailbox.ts opens a mailbox on it (mailboxes/) whose messages are read by messages/, and
 * mailbox-watch.ts waits for news of one. What goes wrong is put into words by faults/.
 */
import type { UidRange } from '../core/delivery/gaps';
import type { IngestError } from '../core/errors';
import type { BodyText, HeaderValues, MessageSummary, TextFrom } from '../core/message/message';

/** The state of an open mailbox (RFC 3501, 6.3.1). */
export interface MailboxState {
	readonly path: string;
	readonly uidValidity: string;
	readonly uidNext: number;
	/** Messages in it (EXISTS). */
	readonly exists: number;
	/** False where the server does not tell UIDNEXT: then it is one more than the highest UID, and falls with deletions. */
	readonly isUidNextTold: boolean;
	readonly readOnly: boolean;
}

/** A message whose head has been read; `textPart` tells the adapter which bytes the body needs. */
export interface ScannedMessage<TextPart = unknown> {
	readonly summary: MessageSummary;
	/** System flags and keywords (RFC 3501, 2.3.2). */
	readonly flags: ReadonlySet<string>;
	readonly textPart: TextPart;
	/** True when its structure has more parts or levels than are looked at. */
	readonly isCut?: boolean;
	/** True for a message that is a short text and nothing else, see `HeadOptions.shortText`. */
	readonly isShortText?: boolean;
	/** The same for the same parts, types and sizes only; absent until the structure has been read. */
	readonly shape?: string;
	/** Bare addresses. */
	readonly cc: readonly string[];
	/** The header fields that were asked for. */
	readonly headers: HeaderValues;
	/**
	 * Set when the head cannot be read (`message-unreadable`): then only UID, flags, size and the time it was received are
	 * certain, and no rule can be asked.
	 */
	readonly failure?: IngestError;
}

/** What of a head is wanted beyond what every one has. */
export interface HeadOptions {
	/** Names of header fields in lower case. */
	readonly headers: readonly string[];
	/**
	 * Whether to read the structure in the same command. A server may have to go through the whole message for it: where
	 * few messages are wanted, it is better read by `structures`.
	 */
	readonly structure: boolean;
	/**
	 * Whether to read the text of messages that are a short text and nothing else in the same command, with the structure.
	 * It is wasted on every other message: only where the texts of nearly all of them are wanted.
	 */
	readonly shortText: boolean;
}

/** Body texts by UID, and why others could not be read; a message that is in neither is gone. */
export interface ReadBodies {
	readonly texts: ReadonlyMap<number, BodyText>;
	readonly unreadable: ReadonlyMap<number, IngestError>;
}

/**
 * What to do where a server can neither move nor delete single messages: leave them, leave them with a copy where they were
 * to go, or remove the original with EXPUNGE, which takes all that is marked \Deleted: only while nothing else is.
 */
export type CannotMove = 'leave' | 'copy' | 'expunge';

/**
 * A mailbox that is open for reading and writing. Takes only explicit UIDs; every method rejects with an
 * IngestError. Methods that are called at the same time take turns.
 */
export interface OpenMailbox<TextPart = unknown> {
	readonly state: MailboxState;
	/** UIDs above `position` in ascending order; no command when UIDNEXT says there are none. */
	uidsAfter(position: number): Promise<readonly number[]>;
	/** The newest `count` UIDs in ascending order. */
	newestUids(count: number): Promise<readonly number[]>;
	/**
	 * Times of receipt (INTERNALDATE, epoch milliseconds, 0 where the server tells none) by UID of the messages in `ranges`, of
	 * those above `position` and of the newest; one FETCH, so that a wrong SEARCH, EXISTS or UIDNEXT does not matter.
	 */
	timesOfReceipt(
		ranges: readonly UidRange[],
		position: number,
	): Promise<ReadonlyMap<number, number>>;
	/** Which of these UIDs still exist, ascending. */
	existing(uids: readonly number[]): Promise<readonly number[]>;
	/** Flags and keywords of the messages that still exist, by UID; one command for all. */
	flags(uids: readonly number[]): Promise<ReadonlyMap<number, ReadonlySet<string>>>;
	/** UIDs up to `upTo` that carry the keyword and are not marked as read; one SEARCH. */
	unreadWithKeyword(keyword: string, upTo: number): Promise<readonly number[]>;
	/**
	 * Heads of the messages that still exist, in the order of `uids`, with their structure and no further header fields
	 * unless told otherwise; one command for all. One unreadable head is a `failure`.
	 */
	heads(
		uids: readonly number[],
		options?: Partial<HeadOptions>,
	): Promise<ReadonlyArray<ScannedMessage<TextPart>>>;
	/**
	 * The same messages with text part and attachments, which those lack whose structure was not read; one command for all
	 * of them. One that is gone meanwhile is left out; an unreadable structure is a `failure`.
	 */
	structures(
		messages: ReadonlyArray<ScannedMessage<TextPart>>,
	): Promise<ReadonlyArray<ScannedMessage<TextPart>>>;
	/** Body texts, those of plain parts first unless told otherwise. */
	bodies(
		messages: ReadonlyArray<ScannedMessage<TextPart>>,
		textFrom?: TextFrom,
	): Promise<ReadBodies>;
	addFlag(uids: readonly number[], flag: '\\Seen' | '\\Flagged'): Promise<void>;
	/** Adds a keyword; false when the mailbox keeps none of its own (Exchange), and then nothing is sent. */
	addKeyword(uids: readonly number[], keyword: string): Promise<boolean>;
	/** Whether the server can move single messages: with MOVE (RFC 6851) or UIDPLUS (RFC 4315). */
	readonly canMove: boolean;
	/**
	 * Moves, creating the folder when it is missing; a UID that is gone is no error. Without MOVE and UIDPLUS it refuses, or
	 * does what `cannotMove` says.
	 */
	move(uids: readonly number[], folder: string, cannotMove?: CannotMove): Promise<void>;
	/** Deletes with UID EXPUNGE; a UID that is gone is no error. Refuses without UIDPLUS, unless it may `expunge`. */
	delete(uids: readonly number[], cannotMove?: CannotMove): Promise<void>;
}

/** What retention needs of a folder; a folder that does not exist yet has nothing to delete. */
export interface RetentionMailbox {
	/** State of the folder, or undefined when it does not exist. */
	status(
		folder: string,
	): Promise<{ readonly uidValidity: string; readonly uidNext: number } | undefined>;
	/** True for the special-use mailboxes (RFC 6154) and INBOX, which retention refuses. */
	isSpecial(folder: string): Promise<boolean>;
	/** Deletes the messages of `folder` with a UID below `uidBelow` while its UIDVALIDITY is the given one; returns how many. */
	deleteBelow(folder: string, uidValidity: string, uidBelow: number): Promise<number>;
	/** Deletes what the server says was saved before the day of `before` (RFC 8514); undefined when it cannot tell. */
	deleteSavedBefore(folder: string, before: Date): Promise<number | undefined>;
}

/** A mailbox that is watched over a connection of its own; work takes turns, and interrupts waiting. */
export interface MailboxWatch {
	/** Whether the server tells of new mail by itself (IDLE, RFC 2177). */
	readonly pushes: boolean;
	/** Epoch milliseconds from which on no work may begin: the token of the session ends. */
	readonly usableUntil: number;
	/** True while the watched mailbox is open and the connection there. */
	readonly isOpen: boolean;
	readonly withMailbox: MailAccount['withMailbox'];
	/** What the server has told of so far is known; to be called before it is looked at. */
	caughtUp(): void;
	/**
	 * Waits until the server tells of mail, `limitMs` have passed, or `signal` is aborted. Rejects with an IngestError when the connection is gone.
	 *
	 * @returns whether the server has announced mail (EXISTS) since `caughtUp`
	 */
	wait(limitMs: number, signal: AbortSignal): Promise<boolean>;
	/**
	 * Logs out, or cuts the connection when the server does not answer within seconds; may be called more than once.
	 *
	 * @param patienceMs how long work that runs may take to end; five seconds unless given
	 */
	close(patienceMs?: number): Promise<void>;
}

/** An account whose mailboxes can be opened; every method opens what it needs and closes it again. */
export interface MailAccount {
	/** Opens `path` (read-write unless told otherwise), runs `work`, and always closes. */
	withMailbox<Result>(
		path: string,
		work: (mailbox: OpenMailbox & RetentionMailbox) => Promise<Result>,
		options?: { readonly readOnly?: boolean },
	): Promise<Result>;
	/** Paths of the mailboxes that can be opened. */
	list(): Promise<ReadonlyArray<{ readonly path: string; readonly specialUse: string | null }>>;
}
