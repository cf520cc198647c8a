import type { MessageSummary } from './message';

/** Which messages are wanted; everything given has to hold, and nothing given means every message. */
export interface MessageSearch {
	/** Parts of the header or text, without regard to case (RFC 3501, 6.4.4). */
	readonly from?: string;
	readonly to?: string;
	readonly subject?: string;
	readonly body?: string;
	/** Arrived at this moment or later. */
	readonly since?: Date;
	/** Arrived before this moment. */
	readonly before?: Date;
	readonly unread?: boolean;
	readonly flagged?: boolean;
	/** Bytes. */
	readonly largerThan?: number;
	readonly hasAttachment?: boolean;
}

/** Decides what a server cannot: it compares days in its own time zone only, and knows nothing of attachments. */
export function isWanted(
	{ receivedAt, attachments }: Pick<MessageSummary, 'receivedAt' | 'attachments'>,
	{ since, before, hasAttachment }: MessageSearch,
): boolean {
	const received = Date.parse(receivedAt);
	if (since !== undefined && received < since.getTime()) return false;
	if (before !== undefined && received >= before.getTime()) return false;
	return hasAttachment === undefined || attachments.length > 0 === hasAttachment;
}
