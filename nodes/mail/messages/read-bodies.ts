import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BodyText } from '../../core/message/message';
import { toPortions } from '../../core/delivery/portions';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { decodeText } from './decode';
import { toHtmlBody } from './html-text';
import type { TextPart } from './structure';
import type { Scanned } from './read-structures';
import { fetchRows } from './fetch';
import { fetchIsolated } from './fetch-isolated';

/** Bytes of texts that one command asks for; whoever wants more at once has to hold it in memory. */
const COMMAND_BYTES = 8 * 1024 * 1024;

/**
 * Reads at most `limit` bytes of the text part of each message, whose structure has to be known; one command for messages
 * with the same part number. One that cannot be read does not stop the others, and is left out like one that is gone.
 */
export async function readBodies(
	access: MailboxAccess,
	messages: readonly Scanned[],
	limit = access.limits.bodyBytes,
): Promise<ReadonlyMap<number, BodyText>> {
	const bodies = new Map<number, BodyText>();
	const partsByKey = new Map<string, Map<number, TextPart>>();
	for (const { summary, textPart } of messages) {
		if (textPart === undefined) continue;
		if (textPart === null) {
			bodies.set(summary.uid, { text: '', source: 'none', truncated: false });
			continue;
		}
		const parts = partsByKey.get(textPart.key) ?? new Map<number, TextPart>();
		partsByKey.set(textPart.key, parts.set(summary.uid, textPart));
	}
	for (const [key, parts] of partsByKey) {
		const batches = toPortions(parts, COMMAND_BYTES, ([, { size }]) =>
			// The server does not always tell.
			size > 0 ? Math.min(size, limit) : limit,
		);
		for (const batch of batches) {
			const query = { uid: true, bodyParts: [{ key, start: 0, maxLength: limit }] };
			const uids = batch.map(([uid]) => uid);
			const { rows } = await fetchIsolated(access, uids, (some) => fetchRows(access, some, query));
			for (const { uid, bodyParts } of rows.values()) {
				const part = parts.get(uid);
				// A row without parts is only news of flags that changed meanwhile.
				if (part === undefined || bodyParts === undefined) continue;
				bodies.set(uid, toBodyText(bodyParts.get(key.toLowerCase()), part, limit));
				// Conversion keeps the event loop waiting: let others run between two messages.
				if (part.format === 'html') await nextTurn();
			}
		}
	}
	return bodies;
}

/** Decodes what was read of a text part; a part the server has no bytes for is an empty text. */
export function toBodyText(
	bytes: Buffer | false | undefined,
	part: TextPart,
	limit: number,
): BodyText {
	const read = bytes === undefined || bytes === false ? Buffer.alloc(0) : bytes;
	const truncated = read.length >= limit && part.size !== read.length;
	const text = decodeText(read, part, truncated);
	if (part.unlessLine !== undefined && `\n${text}`.includes(`\n${part.unlessLine}`)) {
		return { text: '', source: 'none', truncated: false };
	}
	if (part.format === 'text') return { text, source: 'text', truncated };
	return { ...toHtmlBody(text, truncated), source: 'html' };
}
