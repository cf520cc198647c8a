import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { IngestError } from '../../core/errors';
import { hasWords, isWanted, splitByCharset } from '../../core/message/message-search';
import type { MessageSearch } from '../../core/message/message-search';
import type { ActionMailbox } from '../../mail/action-ports';
import type { ScannedMessage } from '../../mail/ports';

/** Messages whose heads are read with one command. */
const PAGE_SIZE = 200;
/** The newest messages, which are looked through where the server cannot search. */
const MOST_COMPARED = 1_000;

/** The newest messages that are wanted, newest first; reads no more heads than the limit asks for. */
export async function findMessages(
	mailbox: ActionMailbox,
	wanted: MessageSearch,
	limit: number,
): Promise<readonly INodeExecutionData[]> {
	return (await findHeads(mailbox, wanted, limit)).map((head) => ({ json: toJson(head) }));
}

/** Heads of the newest messages that are wanted, newest first. */
export async function findHeads(
	mailbox: ActionMailbox,
	wanted: MessageSearch,
	limit: number,
): Promise<readonly ScannedMessage[]> {
	const { uids, unsearched } = await searchNewest(mailbox, wanted);
	const found: ScannedMessage[] = [];
	const pageSize = Math.min(PAGE_SIZE, limit);
	for (let from = 0; from < uids.length && found.length < limit; from += pageSize) {
		const heads = await mailbox.heads(uids.slice(from, from + pageSize), {
			headers: ['from', 'to'],
		});
		found.push(...heads.filter((head) => isWanted(head.summary, wanted) && fits(head, unsearched)));
	}
	return found.slice(0, limit);
}

interface Found {
	/** Newest first. */
	readonly uids: readonly number[];
	/** What the server did not look for. */
	readonly unsearched: MessageSearch;
}

/**
 * Some servers search for ASCII only (Exchange: BADCHARSET): then the other words are compared here, as far as heads hold
 * them. Where a server does not search at all, or wrongly (Mailutils imap4d), all is, with the newest messages.
 */
async function searchNewest(mailbox: ActionMailbox, wanted: MessageSearch): Promise<Found> {
	const newestFirst = async (uids: Promise<readonly number[]>) => [...(await uids)].reverse();
	try {
		return { uids: await newestFirst(mailbox.search(wanted)), unsearched: {} };
	} catch (error) {
		if (!isRefusal(error)) throw error;
		const { ascii, beyond } = splitByCharset(wanted);
		if (beyond.body !== undefined) throw cannotSearchTexts(error);
		if (Object.keys(beyond).length > 0) {
			try {
				return { uids: await newestFirst(mailbox.search(ascii)), unsearched: beyond };
			} catch (second) {
				if (!isRefusal(second)) throw second;
			}
		}
		if (wanted.body !== undefined) throw error;
		return {
			uids: await newestFirst(mailbox.newestUids(MOST_COMPARED)),
			unsearched: wanted,
		};
	}
}

function isRefusal(error: unknown): error is IngestError {
	return error instanceof IngestError && error.kind === 'mailbox';
}

function cannotSearchTexts({ code, message }: IngestError): IngestError {
	return new IngestError(code, `${message}: it does not look for words beyond ASCII in texts`, {
		field: 'Body',
		remedy:
			'Search for a part of Body that has only ASCII letters, or by other criteria, and compare the texts that Get reads.',
	});
}

/** Whether a message has what the server did not look for, as far as its head tells. */
function fits({ summary, headers, flags }: ScannedMessage, wanted: MessageSearch): boolean {
	const { subject, from, to, size } = summary;
	const { unread, flagged, largerThan = -1 } = wanted;
	if (unread !== undefined && flags.has('\\Seen') === unread) return false;
	if (flagged !== undefined && flags.has('\\Flagged') !== flagged) return false;
	const valueOf = (name: string, addresses: readonly string[]) =>
		[...(headers.get(name) ?? []), ...addresses].join('\n');
	const known = { subject, from: valueOf('from', from), to: valueOf('to', to) };
	return size > largerThan && hasWords(known, wanted);
}

/** A message as the action node lists it. */
export function toJson({ summary, flags }: ScannedMessage): IDataObject {
	return { message: { ...summary }, flags: toFlagNames(flags) };
}

/** Flags of the message, sorted; \\Recent tells of the session that looks (RFC 3501, 2.3.2). */
export function toFlagNames(flags: ReadonlySet<string>): string[] {
	return [...flags].filter((flag) => flag !== '\\Recent').sort();
}
