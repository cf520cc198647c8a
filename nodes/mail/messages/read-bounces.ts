import type { Bounce, BouncedRecipient } from '../../core/message/message';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { decodeHeaderValue } from '../text/header-text';
import { decodeTransfer } from '../text/transfer';
import { toAtom, toSectionItem } from './fetch-items';
import { fetchSections } from './fetch-sections';
import { toRawFields } from './head';
import type { RawFields } from './head';
import type { Scanned } from './scanned';

/** Bytes of a status that are read. */
const STATUS_LIMIT = 16_384;
const MAX_RECIPIENTS = 20;
const MAX_VALUE_LENGTH = 500;

/**
 * Reads what bounces tell of their recipients; one command where there are any, or one for each place where they have it.
 * One that cannot be read has no `bounce`.
 */
export async function withBounces(
	access: MailboxAccess,
	messages: readonly Scanned[],
): Promise<readonly Scanned[]> {
	const keys = new Set(messages.flatMap(({ statusPart }) => statusPart?.key ?? []));
	const bounces = new Map<number, Bounce>();
	for (const key of keys) {
		const some = messages.filter(({ statusPart }) => statusPart?.key === key);
		const uids = some.map(({ summary }) => summary.uid);
		const items = [toAtom('UID'), toSectionItem(key, STATUS_LIMIT)];
		const { rows } = await fetchSections(
			access,
			uids,
			items,
			({ bodyParts }) => bodyParts !== undefined,
		);
		for (const { summary, statusPart } of some) {
			const bytes = rows.get(summary.uid)?.bodyParts?.get(key.toLowerCase());
			if (bytes === undefined) continue;
			bounces.set(summary.uid, readStatus(decodeTransfer(bytes, statusPart?.encoding ?? '')));
		}
	}
	return messages.map((message) => {
		const bounce = bounces.get(message.summary.uid);
		return bounce === undefined ? message : { ...message, summary: { ...message.summary, bounce } };
	});
}

/** Fields of the message, and behind an empty line those of each recipient (RFC 3464, 2.1). */
export function readStatus(status: Buffer): Bounce {
	const blocks = status
		.toString('latin1')
		.split(/\r?\n[ \t]*\r?\n/)
		.map((block) => toRawFields(Buffer.from(block.trimStart(), 'latin1')));
	const valueOf = (fields: RawFields, name: string): string | null => {
		const value = decodeHeaderValue(fields.get(name)?.[0] ?? '').slice(0, MAX_VALUE_LENGTH);
		// `rfc822; neo@zion.com`: the type says what is plain to see.
		return value.replace(/^[\w-]+[ \t]*;[ \t]*/, '') || null;
	};
	const recipients = blocks
		.filter((fields) => fields.has('final-recipient') || fields.has('action'))
		.slice(0, MAX_RECIPIENTS)
		.map((fields): BouncedRecipient => ({
			recipient: valueOf(fields, 'final-recipient') ?? valueOf(fields, 'original-recipient'),
			action: valueOf(fields, 'action')?.toLowerCase() ?? null,
			status: valueOf(fields, 'status'),
			diagnosticCode: valueOf(fields, 'diagnostic-code'),
		}));
	const [first = new Map<string, readonly string[]>()] = blocks;
	return { reportingMta: valueOf(first, 'reporting-mta'), recipients };
}
