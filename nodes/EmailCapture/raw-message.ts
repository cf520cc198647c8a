import type { IDataObject } from 'n8n-workflow';
import type { Bounce, MatchableMessage, TextFrom } from '../core/message/message';
import { DEFAULT_LIMITS } from '../mail/limits';
import { toCopies, toHeaderValues, toSummary } from '../mail/messages/head';
import { parseMime } from '../mail/messages/mime-tree';
import { readStatus } from '../mail/messages/read-bounces';
import { readTreeText } from '../mail/messages/repair';
import { toMessageParts } from '../mail/messages/structure';
import { decodeTransfer } from '../mail/text/transfer';

/** An item that holds a message as it came, and what that tells of a delivery. */
export interface RawEmail {
	readonly message: MatchableMessage;
	readonly bounce?: Bounce;
}

/** Characters of a message that are read. */
const MAX_LENGTH = 64 * 1024 * 1024;
/** Characters in which the header of a message shows itself. */
const HEADER_SAMPLE = 131_072;
/** What every message has one of (RFC 5322, 3.6), behind fields of any name. */
const HEADER =
	/^(?:\uFEFF|\u00EF\u00BB\u00BF)?(?:From [^\n]*\n)?(?:(?:[!-9;-~]+[ \t]*:|[ \t])[^\n]*\n)*(?:From|Subject|Date|Message-ID)[ \t]*:/i;

/** The whole message that an item holds under `raw`: in base64, as the Gmail API gives it, or as it is. */
export function findRawMessage({ raw }: IDataObject): Buffer | undefined {
	if (typeof raw !== 'string') return undefined;
	const given = raw.slice(0, MAX_LENGTH);
	if (HEADER.test(given.slice(0, HEADER_SAMPLE))) {
		return Buffer.from(given, /[\u0100-\uFFFF]/.test(given) ? 'utf8' : 'latin1');
	}
	const start = Buffer.from(given.slice(0, HEADER_SAMPLE), 'base64').toString('latin1');
	return HEADER.test(start) ? Buffer.from(given, 'base64') : undefined;
}

/** Reads a whole message as the triggers do. */
export function readRawMessage(source: Buffer, texts: readonly TextFrom[]): RawEmail {
	const tree = parseMime(source);
	const { text, attachments, statusPart } = toMessageParts(tree.structure);
	const nowhere = { account: '', mailbox: '', uidValidity: '' };
	const head = toSummary({ uid: 0 }, tree.header, nowhere, text?.charset);
	const status = statusPart && tree.parts.get(statusPart.key);
	const read = (from: TextFrom) => readTreeText(tree, DEFAULT_LIMITS.bodyBytes, from);
	return {
		message: {
			from: head.from,
			...(head.ambiguousSender === true && { ambiguousSender: true }),
			subject: head.subject,
			to: head.to,
			cc: toCopies(tree.header),
			headers: toHeaderValues(tree.header),
			attachmentNames: attachments.flatMap(({ fileName }) => fileName ?? []),
			...(texts.includes('plain') && { body: read('plain') }),
			...(texts.includes('html') && { bodyOfHtml: read('html') }),
		},
		...(status !== undefined && {
			bounce: readStatus(decodeTransfer(status.content, statusPart?.encoding ?? '')),
		}),
	};
}
