import type { FetchMessageObject } from 'imapflow';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IngestError } from '../../core/errors';
import type { BodyText, TextFrom } from '../../core/message/message';
import { toPortions } from '../../core/delivery/portions';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { findExisting } from '../mailboxes/find-uids';
import { MALFORMED } from './fetch';
import { fetchSections } from './fetch-sections';
import { toAtom, toFieldsItem, toSectionItem } from './fetch-items';
import type { Word } from './fetch-items';
import { toRawFields } from './head';
import type { RawFields } from './head';
import { PART_FIELDS, PART_HEADER_LIMIT, refinePart, saysMultipart } from './part-header';
import { textWithinHeader } from './mime-tree';
import { NO_TEXT, TextChoice, toBodyText } from './read-text';
import { repairText } from './repair';
import type { ReadBodies } from '../ports';
import { unreadable as toFailure } from './read-structures';
import type { Scanned } from './scanned';
import { inOrderOf } from './structure';
import type { TextPart } from './structure';
import { isVisible } from '../text/visible';

/** Bytes of texts that one command asks for; whoever wants more at once has to hold it in memory. */
const COMMAND_BYTES = 8 * 1024 * 1024;
/** A part of so few bytes is probably blank: the one after it is read with it. */
const TINY = 16;

/** A message whose text is looked for. */
interface OpenText {
	readonly uid: number;
	/** The part to read next. */
	part: TextPart;
	readonly choice: TextChoice;
	needsRepair?: boolean;
}

/** Where texts are read, and how much of each. */
interface Reading {
	readonly access: MailboxAccess;
	readonly limit: number;
	readonly textFrom: TextFrom;
	readonly bodies: Map<number, BodyText>;
	readonly unreadable: Map<number, IngestError>;
}

/**
 * Reads the beginning of the text part of each message, whose structure has to be known; one command for messages
 * with the same part number. Where a part turns out to be blank the next one is read, and where the server could not
 * make out the parts, the message itself. One that cannot be read does not stop the others.
 */
export async function readBodies(
	access: MailboxAccess,
	messages: readonly Scanned[],
	textFrom: TextFrom = 'plain',
): Promise<ReadBodies> {
	const bodies = new Map<number, BodyText>();
	const unreadable = new Map<number, IngestError>();
	const limit = access.limits.bodyBytes;
	const reading: Reading = { access, limit, textFrom, bodies, unreadable };
	let open: OpenText[] = [];
	for (const { summary, textPart } of messages) {
		if (textPart === null) bodies.set(summary.uid, NO_TEXT);
		else if (textPart !== undefined)
			open.push({
				uid: summary.uid,
				part: inOrderOf(textFrom, textPart),
				choice: new TextChoice(),
			});
	}
	open = await readKnown(open, reading);
	const broken: OpenText[] = [];
	while (open.length > 0) {
		broken.push(...open.filter(isBroken));
		open = await readParts(
			open.filter((text) => !isBroken(text)),
			reading,
		);
	}
	for (const text of broken) await repair(text, reading);
	const asked = messages.map(({ summary }) => summary.uid);
	const missing = asked.filter((uid) => !bodies.has(uid) && !unreadable.has(uid));
	const { path } = access.selected.state;
	// The driver leaves out rows that it cannot make sense of, just as it does those of messages that are gone.
	for (const uid of await findExisting(access.session, path, missing))
		unreadable.set(uid, MALFORMED);
	const failures = [...unreadable].map(
		([uid, { code, message }]) =>
			[uid, toFailure('The body of message', { uid, mailbox: path }, message, code)] as const,
	);
	return { texts: bodies, unreadable: new Map(failures) };
}

/** Takes the texts that came with their heads; gives those that have to be fetched. */
async function readKnown(texts: readonly OpenText[], reading: Reading): Promise<OpenText[]> {
	const unfinished: OpenText[] = [];
	for (const text of texts) {
		const { bytes, key } = text.part;
		const bodyParts = bytes === undefined ? undefined : new Map([[key, bytes]]);
		const isRead =
			bodyParts !== undefined && readRow(text, { uid: text.uid, seq: 0, bodyParts }, reading);
		if (!isRead) unfinished.push(text);
		else if (text.part.format === 'html') await nextTurn();
	}
	return unfinished;
}

/** Reads a part of each message; gives those of which another one is needed. */
async function readParts(texts: readonly OpenText[], reading: Reading): Promise<OpenText[]> {
	const unfinished: OpenText[] = [];
	for (const group of groupByItems(texts)) {
		const batches = toPortions(group, COMMAND_BYTES, ({ part: { size } }) =>
			// The server does not always tell.
			size > 0 ? Math.min(size, reading.limit) : reading.limit,
		);
		for (const batch of batches) {
			const rows = await fetchParts(batch, reading);
			for (const text of batch) {
				const row = rows.get(text.uid);
				if (row === undefined) continue;
				if (!readRow(text, row, reading)) unfinished.push(text);
				// Conversion keeps the event loop waiting: let others run between two messages.
				if (text.part.format === 'html') await nextTurn();
			}
		}
	}
	return unfinished;
}

function groupByItems(texts: readonly OpenText[]): Iterable<readonly OpenText[]> {
	const groups = new Map<string, OpenText[]>();
	for (const text of texts) {
		const { isRoot, header } = text.part;
		const kind = [...keysOf(text.part), isRoot, header === undefined].join(' ');
		const group = groups.get(kind) ?? [];
		group.push(text);
		groups.set(kind, group);
	}
	return groups.values();
}

/** The parts to read at once, in the words of a FETCH. */
function keysOf(part: TextPart): readonly string[] {
	const { key, size, next } = part;
	const isProbablyBlank = size > 0 && size <= TINY;
	return isProbablyBlank && next !== undefined && next.isUnparsed !== true
		? [key, next.key]
		: [key];
}

async function fetchParts(
	texts: readonly OpenText[],
	reading: Reading,
): Promise<ReadonlyMap<number, FetchMessageObject>> {
	const { limit } = reading;
	const [first] = texts;
	if (first === undefined) return new Map();
	const keys = keysOf(first.part);
	const items: readonly Word[] = [
		toAtom('UID'),
		...toHeaderItems(first.part, keys),
		...keys.map((key) => toSectionItem(key, limit)),
	];
	const uids = texts.map(({ uid }) => uid);
	// A row without parts is only news of flags that changed meanwhile.
	return await fetchEach(reading, uids, items, ({ bodyParts }) => bodyParts !== undefined);
}

function toHeaderItems({ isRoot, header }: TextPart, keys: readonly string[]): readonly Word[] {
	if (header !== undefined) return [];
	if (isRoot) return [toFieldsItem(PART_FIELDS, PART_HEADER_LIMIT)];
	return keys.map((key) => toSectionItem(`${key}.MIME`, PART_HEADER_LIMIT));
}

/** Rows by UID, without those of messages that cannot be read. */
async function fetchEach(
	{ access, unreadable }: Reading,
	uids: readonly number[],
	items: readonly Word[],
	isWhole: (row: FetchMessageObject) => boolean,
): Promise<ReadonlyMap<number, FetchMessageObject>> {
	const read = await fetchSections(access, uids, items, isWhole);
	for (const [uid, failure] of read.unreadable) unreadable.set(uid, failure);
	return read.rows;
}

/** True for a message that has to be taken apart here. */
function isBroken({ needsRepair, part }: OpenText): boolean {
	return needsRepair === true || (part.isUnparsed === true && !part.isRoot);
}

/** Takes the text out of a row; false where another part, or a repair, is needed. */
function readRow(text: OpenText, row: FetchMessageObject, { limit, bodies }: Reading): boolean {
	for (let isFirst = true; ; isFirst = false) {
		if (isBroken(text)) return false;
		const { part } = text;
		const bytes = row.bodyParts?.get(part.key.toLowerCase());
		if (bytes === undefined && !isFirst) return false;
		const header = part.header ?? headerOf(part, row);
		const content = isMissing(bytes) ? textWithin(part, row) : bytes;
		const body = toBodyText(content, refinePart(part, header), limit);
		const chosen = text.choice.take(part, body);
		if (needsRepair(part, header, body)) {
			text.needsRepair = true;
			return false;
		}
		if (chosen !== undefined || part.next === undefined) {
			bodies.set(text.uid, chosen ?? text.choice.best);
			return true;
		}
		text.part = part.next;
	}
}

function headerOf({ isRoot, key }: TextPart, row: FetchMessageObject): RawFields | undefined {
	const bytes = isRoot ? row.headers : row.bodyParts?.get(`${key.toLowerCase()}.mime`);
	return Buffer.isBuffer(bytes) ? toRawFields(bytes) : undefined;
}

function isMissing(bytes: Buffer | false | undefined): boolean {
	return !Buffer.isBuffer(bytes) || bytes.length === 0;
}

/** Of a part without an empty line behind its header the text is in that. */
function textWithin({ key }: TextPart, row: FetchMessageObject): Buffer | undefined {
	const header = row.bodyParts?.get(`${key.toLowerCase()}.mime`);
	return Buffer.isBuffer(header) ? textWithinHeader(header) : undefined;
}

/** True where the server could not make out the parts of a message, or the end of its header. */
function needsRepair(part: TextPart, header: RawFields | undefined, { text }: BodyText): boolean {
	if (!part.isRoot) return saysMultipart(header);
	const isMultipart = part.isUnparsed === true || saysMultipart(header);
	return isMultipart
		? !isVisible(text) || PART_WITHIN.test(text.slice(0, 4096))
		: (part.size <= TINY || text === '') && !isVisible(text);
}

/** The border and the header of a part, in what should have been its text. */
const PART_WITHIN = /(?:^|\n)--[^\r\n]{1,200}\r?\n(?:Content-|MIME-)[\w-]{1,40}:/i;

async function repair(text: OpenText, reading: Reading): Promise<void> {
	const { limit, textFrom, bodies } = reading;
	const items = [toAtom('UID'), toSectionItem('', limit)];
	const rows = await fetchEach(reading, [text.uid], items, ({ source }) => source !== undefined);
	const source = rows.get(text.uid)?.source;
	if (!Buffer.isBuffer(source)) return;
	bodies.set(text.uid, repairText(source, limit, textFrom) ?? text.choice.best);
	await nextTurn();
}
