import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { IngestError } from '../../core/errors';
import { isWanted } from '../../core/message/message-search';
import type { MessageSearch } from '../../core/message/message-search';
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
	const { uids, subject } = await searchNewest(mailbox, wanted);
	const found: ScannedMessage[] = [];
	const pageSize = Math.min(PAGE_SIZE, limit);
	for (let from = 0; from < uids.length && found.length < limit; from += pageSize) {
		const heads = await mailbox.heads(uids.slice(from, from + pageSize));
		found.push(
			...heads.filter(({ summary }) => isWanted(summary, wanted) && hasWords(summary, subject)),
		);
	}
	return found.slice(0, limit);
}

interface Found {
	/** Newest first. */
	readonly uids: readonly number[];
	/** Words that the server did not look for. */
	readonly subject?: string;
}

/** Some servers search for ASCII only (Exchange: BADCHARSET). Then the subjects are compared here. */
async function searchNewest(mailbox: ActionMailbox, wanted: MessageSearch): Promise<Found> {
	try {
		return { uids: [...(await mailbox.search(wanted))].reverse() };
	} catch (error) {
		const { subject, ...others } = wanted;
		const isRefusal = error instanceof IngestError && error.kind === 'mailbox';
		if (!isRefusal || subject === undefined || !BEYOND_ASCII.test(subject)) throw error;
		return { uids: [...(await mailbox.search(others))].reverse(), subject };
	}
}

const BEYOND_ASCII = /[^\0-\x7f]/;

function hasWords({ subject }: ScannedMessage['summary'], words = ''): boolean {
	return subject.normalize().toLowerCase().includes(words.normalize().toLowerCase());
}

/** A message as the action node lists it. */
export function toJson({ summary, flags }: ScannedMessage): IDataObject {
	return { message: { ...summary }, flags: toFlagNames(flags) };
}

/** Flags of the message, sorted; \\Recent tells of the session that looks (RFC 3501, 2.3.2). */
export function toFlagNames(flags: ReadonlySet<string>): string[] {
	return [...flags].filter((flag) => flag !== '\\Recent').sort();
}
