import type { MessageSummary } from './message';

/** Parts of the header or text, without regard to case (RFC 3501, 6.4.4). */
export interface SearchWords {
	readonly from?: string;
	readonly to?: string;
	readonly subject?: string;
	readonly body?: string;
}

/** Which messages are wanted; everything given has to hold, and nothing given means every message. */
export interface MessageSearch extends SearchWords {
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

const WORDS = ['from', 'to', 'subject', 'body'] as const;
const BEYOND_ASCII = /[^\0-\x7f]/;

/** A search without the words beyond ASCII, and those. */
export function splitByCharset(wanted: MessageSearch): {
	readonly ascii: MessageSearch;
	readonly beyond: SearchWords;
} {
	const names = WORDS.filter((name) => BEYOND_ASCII.test(wanted[name] ?? ''));
	const pick = (isBeyond: boolean) =>
		Object.fromEntries(
			Object.entries(wanted).filter(([name]) => names.some((one) => one === name) === isBeyond),
		);
	return { ascii: pick(false), beyond: pick(true) };
}

/** Whether all words are in what is known of a message under the same name. */
export function hasWords(known: SearchWords, words: SearchWords): boolean {
	const fold = (text: string) => text.normalize().toLowerCase();
	return WORDS.every((name) => fold(known[name] ?? '').includes(fold(words[name] ?? '')));
}
