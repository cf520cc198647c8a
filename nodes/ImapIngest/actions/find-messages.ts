import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { IngestError } from '../../core/errors';
import { hasWords, isWanted, splitByCharset } from '../../core/message/message-search';
import type { MessageSearch, SearchWords } from '../../core/message/message-search';
import type { ActionMailbox } from '../../mail/action-ports';
import type { ScannedMessage } from '../../mail/ports';

/** Messages whose heads are read with one command. */
const PAGE_SIZE = 200;

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
	const { uids, words } = await searchNewest(mailbox, wanted);
	const found: ScannedMessage[] = [];
	const pageSize = Math.min(PAGE_SIZE, limit);
	for (let from = 0; from < uids.length && found.length < limit; from += pageSize) {
		const heads = await mailbox.heads(uids.slice(from, from + pageSize), {
			headers: ['from', 'to'],
		});
		found.push(...heads.filter((head) => isWanted(head.summary, wanted) && fits(head, words)));
	}
	return found.slice(0, limit);
}

interface Found {
	/** Newest first. */
	readonly uids: readonly number[];
	/** What the server did not look for. */
	readonly words: SearchWords;
}

/** Some servers search for ASCII only (Exchange: BADCHARSET). Then the other words are compared here, as far as heads hold them. */
async function searchNewest(mailbox: ActionMailbox, wanted: MessageSearch): Promise<Found> {
	try {
		return { uids: [...(await mailbox.search(wanted))].reverse(), words: {} };
	} catch (error) {
		const { ascii, beyond } = splitByCharset(wanted);
		const isRefusal = error instanceof IngestError && error.kind === 'mailbox';
		if (!isRefusal || Object.keys(beyond).length === 0) throw error;
		if (beyond.body !== undefined) throw cannotSearchTexts(error);
		return { uids: [...(await mailbox.search(ascii))].reverse(), words: beyond };
	}
}

function cannotSearchTexts({ code, message }: IngestError): IngestError {
	return new IngestError(code, `${message}: it does not look for words beyond ASCII in texts`, {
		field: 'Body',
		remedy:
			'Search for a part of Body that has only ASCII letters, or by other criteria, and compare the texts that Get reads.',
	});
}

/** Whether the words are in the head of a message. */
function fits({ summary, headers }: ScannedMessage, words: SearchWords): boolean {
	const { subject, from, to } = summary;
	const valueOf = (name: string, addresses: readonly string[]) =>
		[...(headers.get(name) ?? []), ...addresses].join('\n');
	return hasWords({ subject, from: valueOf('from', from), to: valueOf('to', to) }, words);
}

/** A message as the action node lists it. */
export function toJson({ summary, flags }: ScannedMessage): IDataObject {
	return { message: { ...summary }, flags: toFlagNames(flags) };
}

/** Flags of the message, sorted; \\Recent tells of the session that looks (RFC 3501, 2.3.2). */
export function toFlagNames(flags: ReadonlySet<string>): string[] {
	return [...flags].filter((flag) => flag !== '\\Recent').sort();
}
