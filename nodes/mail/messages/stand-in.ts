import type { MessageSummary } from '../../core/message/message';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { toOneLine } from '../text/one-line';
import { readBodies } from './read-bodies';
import { readStructures, toUnreadable } from './read-structures';
import type { Scanned } from './scanned';

/** What Exchange gives in the place of a message that it cannot convert. */
const SUBJECT = /^Retrieval using the \w{1,10} protocol failed for the following message: \d/;
const PROBLEM = 'the server could not convert it and gives a stand-in for it';
const ADDRESS = /[^\s"'()<>:@]{1,64}@[^\s"'()<>@]{1,255}/;
const MAX_VALUE_LENGTH = 500;

/** True for the stand-in of a message that the server could not give; it has no sender. */
export function isStandIn({ from, subject }: Pick<MessageSummary, 'from' | 'subject'>): boolean {
	return from.length === 0 && SUBJECT.test(subject);
}

/**
 * Replaces stand-ins by what their text tells of the message that they stand for, which is unreadable; two commands
 * where there are any.
 */
export async function withoutStandIns(
	access: MailboxAccess,
	messages: readonly Scanned[],
): Promise<readonly Scanned[]> {
	const found = messages.filter(
		({ summary, failure }) => failure === undefined && isStandIn(summary),
	);
	if (found.length === 0) return messages;
	const whole = await readStructures(access, found);
	const { texts } = await readBodies(access, whole);
	return messages.map((message) =>
		found.includes(message)
			? explain(message, texts.get(message.summary.uid)?.text ?? '')
			: message,
	);
}

/** The failure of a message that cannot be had, with what the text of its stand-in tells of it. */
function explain(message: Scanned, text: string): Scanned {
	const subject = valueOf(text, 'Subject');
	const from = valueOf(text, 'From');
	if (subject === undefined && from === undefined) return toUnreadable(message, PROBLEM);
	const sender = ADDRESS.exec(from ?? '')?.[0] ?? from;
	const summary: MessageSummary = {
		...message.summary,
		subject: subject ?? '',
		from: sender === undefined ? [] : [sender],
	};
	const which = `"${summary.subject}" from ${sender ?? 'nobody'}`;
	return toUnreadable({ ...message, summary }, `${PROBLEM}: ${which}`);
}

/** The value behind `Subject: "..."`. */
function valueOf(text: string, name: string): string | undefined {
	const value = new RegExp(`^[ \\t]*${name}:(.*)$`, 'm').exec(text)?.[1];
	if (value === undefined) return undefined;
	const bare = toOneLine(value).replace(/^"(.*)"$/, '$1');
	return bare === '' ? undefined : bare.slice(0, MAX_VALUE_LENGTH);
}
