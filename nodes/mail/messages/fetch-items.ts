import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { formatMessageResponse } from 'imapflow/lib/tools.js';
import { IngestError } from '../../core/errors';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';

/** What is asked of each message besides what every head has. */
export interface HeadQuery {
	/** Names of header fields. */
	readonly fields: readonly string[];
	readonly structure: boolean;
	/** Whether to ask for the beginning of part 1, too. */
	readonly shortText?: boolean;
}

/** Bytes of a message's header fields that are read; the rest of them is left on the server. */
export const FIELDS_LIMIT = 65_536;

/** Bytes of a text that may be read with the head of its message. */
export const SHORT_TEXT_LIMIT = 8_192;

type FetchAnswer = Parameters<typeof formatMessageResponse>[0];

/** A word of a command, as the driver's compiler takes it. */
export interface Word {
	readonly type: 'ATOM' | 'SEQUENCE';
	readonly value: string;
	readonly section?: ReadonlyArray<Word | readonly Word[]>;
	readonly partial?: readonly number[];
}

/** What the driver's commands are built on; not among its types, which know header fields without a limit only. */
interface CommandRunner {
	exec(
		command: string,
		words: ReadonlyArray<Word | readonly Word[]>,
		options: { readonly untagged: { FETCH(answer: FetchAnswer): Promise<void> } },
	): Promise<{ next(): void }>;
}

/**
 * One command for flags, times, sizes and the beginning of the header fields: `UID FETCH set (UID FLAGS INTERNALDATE
 * RFC822.SIZE BODY.PEEK[HEADER.FIELDS (FROM ...)]<0.65536>)` (RFC 3501, 6.4.5).
 */
export async function fetchHeadRows(
	{ session, selected: { state } }: MailboxAccess,
	set: string,
	{ fields, structure, shortText = false }: HeadQuery,
): Promise<readonly FetchMessageObject[]> {
	return await fetchItems(session, state.path, set, [
		...['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE'].map(toAtom),
		...(structure ? [toAtom('BODYSTRUCTURE')] : []),
		toFieldsItem(fields, FIELDS_LIMIT),
		...(shortText ? [toSectionItem('1', SHORT_TEXT_LIMIT)] : []),
	]);
}

/** Header fields up to a number of bytes; they come as `headers`. */
export function toFieldsItem(fields: readonly string[], limit: number): Word {
	const names = fields.map((field) => toAtom(field.toUpperCase()));
	return {
		...toAtom('BODY.PEEK'),
		section: [toAtom('HEADER.FIELDS'), names],
		partial: [0, limit],
	};
}

/** A section of a message (`1.2`, `1.2.MIME`, `TEXT`, or nothing for all of it) up to a number of bytes. */
export function toSectionItem(section: string, limit: number): Word {
	return {
		...toAtom('BODY.PEEK'),
		section: section === '' ? [] : [toAtom(section)],
		partial: [0, limit],
	};
}

/** One `UID FETCH` of any items. */
export async function fetchItems(
	session: MailboxAccess['session'],
	path: string,
	set: string,
	items: readonly Word[],
): Promise<readonly FetchMessageObject[]> {
	return await session.run(async (client) => {
		const { mailbox } = client;
		if (!isCommandRunner(client) || mailbox === false) throw DRIVER_CHANGED;
		const rows: FetchMessageObject[] = [];
		const answer = await client.exec('UID FETCH', [{ type: 'SEQUENCE', value: set }, items], {
			untagged: {
				FETCH: async (untagged) => {
					rows.push(await formatMessageResponse(untagged, mailbox, 'sha256', client));
				},
			},
		});
		answer.next();
		return rows;
	}, path);
}

const DRIVER_CHANGED = new IngestError(
	'refused-by-server',
	'This driver cannot read parts of a message up to a limit',
	{ remedy: 'Report this error: the driver has changed.' },
);

export function toAtom(value: string): Word {
	return { type: 'ATOM', value };
}

function isCommandRunner(client: ImapFlow): client is ImapFlow & CommandRunner {
	return 'exec' in client && typeof client.exec === 'function';
}
