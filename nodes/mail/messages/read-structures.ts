import type { FetchMessageObject, FetchQueryObject, MessageStructureObject } from 'imapflow';
import { IngestError } from '../../core/errors';
import { fetchApart } from './fetch';
import { SHORT_TEXT_LIMIT } from './fetch-items';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { withBounces } from './read-bounces';
import { toMessageParts } from './structure';
import type { Scanned } from './scanned';

/** The size tells a row without a structure from news of a message whose flags changed meanwhile. */
const STRUCTURE: FetchQueryObject = { uid: true, size: true, bodyStructure: true };

/** Reads the structure of those messages whose head came without it; one that is gone meanwhile is left out. */
export async function readStructures(
	access: MailboxAccess,
	messages: readonly Scanned[],
): Promise<readonly Scanned[]> {
	const open = messages.filter(lacksStructure).map(({ summary }) => summary.uid);
	if (open.length === 0) return messages;
	const { rows, unreadable } = await fetchApart(access, open, STRUCTURE, isStructure);
	const whole = messages.flatMap((message) => {
		if (!lacksStructure(message)) return [message];
		const { uid } = message.summary;
		const cause = unreadable.get(uid);
		if (cause !== undefined) return [toUnreadable(message, cause.message, cause.code)];
		const row = rows.get(uid);
		return row === undefined ? [] : [addStructure(message, row.bodyStructure, access)];
	});
	return await withBounces(access, whole);
}

function lacksStructure({ textPart, failure }: Scanned): boolean {
	return textPart === undefined && failure === undefined;
}

function isStructure(row: FetchMessageObject | undefined): boolean {
	return row?.bodyStructure !== undefined || row?.size !== undefined;
}

/** A head with the text part and the attachments that its structure tells of. */
export function addStructure(
	head: Scanned,
	structure: MessageStructureObject | undefined,
	{ limits }: Pick<MailboxAccess, 'limits'>,
): Scanned {
	if (structure === undefined) return toUnreadable(head, 'its structure is nested too deeply');
	const { text, attachments, isCut, shape, statusPart } = toMessageParts(structure, limits);
	return {
		isCut,
		isShortText: text?.isRoot === true && text.size > 0 && text.size < SHORT_TEXT_LIMIT,
		...(shape !== undefined && { shape }),
		...(statusPart !== undefined && { statusPart }),
		// Behind what is new, see withRoot in read-heads.ts.
		...head,
		summary: { ...head.summary, attachments },
		textPart: text,
	};
}

/** A head that no rule can be asked about. */
export function toUnreadable(head: Scanned, problem: string, code?: IngestError['code']): Scanned {
	return { ...head, textPart: null, failure: unreadable('Message', head.summary, problem, code) };
}

/** The error of a message that cannot be read as a whole or in part, or that was not asked for because of others. */
export function unreadable(
	what: 'Message' | 'The body of message',
	{ uid, mailbox }: Pick<Scanned['summary'], 'uid' | 'mailbox'>,
	problem: string,
	code?: IngestError['code'],
): IngestError {
	return new IngestError(
		code === 'message-not-asked' ? code : 'message-unreadable',
		`${what} ${String(uid)} in "${mailbox}" cannot be read: ${problem}`,
		{ remedy: 'Look at the message with a mail program; nothing else waits for it.' },
	);
}
