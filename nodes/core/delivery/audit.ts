import { toRanges } from './gaps';
import type { UidRange } from './gaps';
import type { Cursor } from './cursor';

/**
 * What an audit leaves of the gaps: what was found in them, until it is looked at; what the audit before had not asked
 * about, since a server may show a message later than one that came after it; and numbers above the newest message,
 * which a server that was wrong about UIDNEXT may still give away.
 *
 * @param askedUpTo the position at the audit before; 0 for none
 */
export function gapsAfterAudit(
	{ position, gaps }: Pick<Cursor, 'position' | 'gaps'>,
	received: ReadonlyMap<number, number>,
	unseen: readonly number[],
	askedUpTo: number,
): readonly UidRange[] {
	const sure = Math.min(Math.max(0, ...received.keys()), askedUpTo);
	const open = gaps
		.filter(({ to }) => to > sure)
		.map(({ from, to }) => ({ from: Math.max(from, sure + 1), to }));
	return [...toRanges(unseen.filter((uid) => uid <= Math.min(position, sure))), ...open];
}

/** What the server was found to have, against what was looked at. */
export interface AuditFindings {
	/** UIDs, ascending, that nobody has looked at. */
	readonly unseen: readonly number[];
	/** True when a UID that was looked at is now that of another message: the mailbox was restored and has grown since. */
	readonly isReplaced: boolean;
}

/**
 * Compares the messages of a mailbox with the cursor.
 *
 * @param received times of receipt (epoch milliseconds) by UID: of the messages in the cursor's gaps, of those that were
 * looked at last, of those above its position, and of the newest
 * @param recent the times of receipt of the messages that were looked at last
 */
export function auditCursor(
	cursor: Pick<Cursor, 'position' | 'gaps' | 'lastReceived'>,
	received: ReadonlyMap<number, number>,
	recent: ReadonlyMap<number, number>,
): AuditFindings {
	const isInGap = (uid: number) => cursor.gaps.some(({ from, to }) => from <= uid && uid <= to);
	const isOpen = (uid: number) => uid > cursor.position || isInGap(uid);
	const isOther = (uid: number, at: number) => {
		const known = recent.get(uid);
		// Of a message without a time nothing is known.
		if (known !== undefined) return known > 0 && at > 0 && known !== at;
		// Nothing so young was ever looked at.
		return cursor.lastReceived > 0 && at > cursor.lastReceived;
	};
	const uids = [...received.keys()].sort((a, b) => a - b);
	return {
		unseen: uids.filter(isOpen),
		isReplaced: uids.some((uid) => !isOpen(uid) && isOther(uid, received.get(uid) ?? 0)),
	};
}
