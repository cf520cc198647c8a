import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { getStringList, getStringValue, parseBodystructure } from 'imapflow/lib/tools.js';
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

/** A part of an answer, as the driver's parser gives it. */
type Value = NonNullable<Parameters<typeof parseBodystructure>[0][number]> | null;

interface FetchAnswer {
	readonly attributes?: readonly Value[] | undefined;
}

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
		if (!isCommandRunner(client)) throw DRIVER_CHANGED;
		const rows: FetchMessageObject[] = [];
		const answer = await client.exec('UID FETCH', [{ type: 'SEQUENCE', value: set }, items], {
			untagged: {
				FETCH: (answer) => {
					const row = toRow(answer);
					if (row !== undefined) rows.push(row);
					return Promise.resolve();
				},
			},
		});
		answer.next();
		return rows;
	}, path);
}

/** What is read of an answer. */
type OpenRow = { -readonly [Key in keyof FetchMessageObject]?: FetchMessageObject[Key] };

/** The items of one message; undefined where the answer does not tell of which one. */
function toRow({ attributes }: FetchAnswer): FetchMessageObject | undefined {
	const items = attributes?.[1];
	if (!Array.isArray(items)) return undefined;
	const row: OpenRow = {};
	for (let index = 0; index + 1 < items.length; index += 2)
		addItem(row, items[index] ?? null, items[index + 1] ?? null);
	const { uid = 0 } = row;
	return uid > 0 ? { ...row, uid, seq: 0 } : undefined;
}

function addItem(row: OpenRow, name: Value, value: Value): void {
	switch (getStringValue(name)?.toUpperCase() ?? '') {
		case 'UID':
			row.uid = toNumber(value);
			break;
		case 'FLAGS':
			row.flags = new Set(getStringList(value));
			break;
		case 'INTERNALDATE':
			row.internalDate = new Date(getStringValue(value) ?? '');
			break;
		case 'RFC822.SIZE':
			row.size = toNumber(value);
			break;
		case 'BODYSTRUCTURE':
			row.bodyStructure = toStructure(value);
			break;
		case 'BODY':
			addSection(row, name?.section ?? [], toBytes(value));
			break;
	}
}

function toStructure(value: Value): FetchMessageObject['bodyStructure'] {
	return Array.isArray(value) ? parseBodystructure(value) : undefined;
}

/** `BODY[]`, `BODY[HEADER.FIELDS (...)]`, `BODY[1]` or `BODY[1.MIME]`. */
function addSection(row: OpenRow, section: readonly Value[], bytes: Buffer | undefined): void {
	const [first] = section;
	const key = first === undefined ? '' : String(first?.value ?? '').toLowerCase();
	if (key === '') row.source = bytes;
	else if (key.startsWith('header')) row.headers = bytes;
	// NIL is an answer, too: a part without bytes.
	else (row.bodyParts ??= new Map()).set(key, bytes ?? Buffer.alloc(0));
}

/** A server may answer with a quoted string instead of a literal; the driver has read it as UTF-8. */
function toBytes(value: Value): Buffer | undefined {
	if (Buffer.isBuffer(value?.value)) return value.value;
	return typeof value?.value === 'string' ? Buffer.from(value.value) : undefined;
}

/** 0 for what is no number of a message or of bytes (RFC 3501, 9). */
function toNumber(value: Value): number {
	const digits = getStringValue(value) ?? '';
	return /^\d{1,15}$/.test(digits) ? Number(digits) : 0;
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
