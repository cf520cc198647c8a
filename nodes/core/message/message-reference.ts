import { isRecord } from '../is-record';
import { IngestError, wrongSetting } from '../errors';
import type { MessageReference } from './message';

const DIGITS = /^[1-9]\d*$/;

/**
 * Reads the reference of a message: the `message` of an item, or the same as JSON text. Other keys of it do not count.
 *
 * @throws IngestError `configuration` that names what is missing
 */
export function parseMessageReference(value: unknown): MessageReference {
	const fields = typeof value === 'string' ? parseObject(value) : value;
	if (!isRecord(fields)) throw noReference('is empty or not an object');
	const { account, mailbox, messageId } = fields;
	const uidValidity = toNumberText(fields['uidValidity']);
	const uid = Number(toNumberText(fields['uid']));
	if (typeof account !== 'string' || account === '') throw noReference('has no "account"');
	if (typeof mailbox !== 'string' || mailbox === '') throw noReference('has no "mailbox"');
	if (uidValidity === undefined) throw noReference('has no "uidValidity"');
	if (!Number.isSafeInteger(uid)) throw noReference('has no "uid"');
	const known = typeof messageId === 'string' ? { messageId } : {};
	return { account, mailbox, uidValidity, uid, ...known };
}

/** The `account` of a reference, whatever else it holds or lacks. */
export function findOwner(value: unknown): string | undefined {
	try {
		return parseMessageReference(value).account;
	} catch (error) {
		if (error instanceof IngestError) return undefined;
		throw error;
	}
}

function parseObject(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) throw noReference('is not JSON');
		throw error;
	}
}

function toNumberText(value: unknown): string | undefined {
	const text = typeof value === 'number' ? String(value) : value;
	return typeof text === 'string' && DIGITS.test(text) ? text : undefined;
}

function noReference(problem: string): IngestError {
	return wrongSetting(
		'Message',
		problem,
		'Give the "message" of an item of an IMAP Ingest trigger or of Message > Search: it holds account, mailbox, uidValidity and uid.',
	);
}

/**
 * A UID means something in one account only.
 *
 * @throws IngestError `configuration` when the reference belongs to another account than the one that is signed in
 */
export function assertSameAccount(reference: MessageReference, account: string): void {
	if (reference.account.toLowerCase() === account.toLowerCase()) return;
	throw new IngestError(
		'configuration',
		`The message lies in the account "${reference.account}", but this node signs in to "${account}".`,
		{ field: 'Message', remedy: 'Choose the credential that the trigger uses.' },
	);
}

/**
 * A UID means something under one UIDVALIDITY only (RFC 3501, 2.3.1.1).
 *
 * @throws IngestError `stale-reference` when the mailbox was renumbered or made anew
 */
export function assertSameNumbering(
	reference: MessageReference,
	mailbox: { readonly uidValidity: string },
): void {
	if (reference.uidValidity === mailbox.uidValidity) return;
	throw new IngestError(
		'stale-reference',
		`The server has renumbered "${reference.mailbox}" since the message was read (UIDVALIDITY was ${reference.uidValidity}, is ${mailbox.uidValidity}).`,
		{
			field: 'Message',
			remedy:
				'No message was touched. Find the message again with Message > Search; a trigger delivers recent mail of a renumbered mailbox again.',
		},
	);
}

/**
 * Whether the UID of a reference is that of another message by now: a mailbox that was restored from a backup gives its
 * numbers again, and UIDVALIDITY stays.
 */
export function isOtherMessage(
	{ messageId: known }: Pick<MessageReference, 'messageId'>,
	{ messageId: found }: Pick<MessageReference, 'messageId'>,
): boolean {
	return typeof known === 'string' && typeof found === 'string' && known !== found;
}

/** The error for a message that is no longer where its reference says. */
export function messageGone({
	mailbox,
	uid,
}: Pick<MessageReference, 'mailbox' | 'uid'>): IngestError {
	return new IngestError(
		'stale-reference',
		`The message with UID ${String(uid)} is no longer in "${mailbox}".`,
		{
			field: 'Message',
			remedy:
				'It was moved or deleted meanwhile. Switch on "Ignore Missing Messages" if that may happen.',
		},
	);
}
