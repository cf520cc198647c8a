import type { ImapFlow } from 'imapflow';
import { IngestError } from '../../core/errors';
import type { Session } from '../connections/client';

/** A word of a command, as the driver's compiler takes it. */
interface Word {
	/** A set of UIDs is a SEQUENCE: the driver would put its `*` in quotes otherwise. */
	readonly type: 'ATOM' | 'SEQUENCE';
	readonly value: string;
}

/** An untagged SEARCH: plain numbers arrive already read, others as words. */
interface SearchAnswer {
	readonly numbers?: readonly number[];
	readonly attributes?: ReadonlyArray<{ readonly value?: unknown } | null>;
}

/** What the driver's commands are built on; not among its types, since searches it does not know are refused there. */
interface CommandRunner {
	exec(
		command: string,
		words: readonly Word[],
		options: { readonly untagged: { SEARCH(answer: SearchAnswer): Promise<void> } },
	): Promise<{ next(): void }>;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * UIDs of the selected mailbox that were put there before the day of `before` (UTC), or undefined when this mailbox does
 * not keep that date: a server would then go by INTERNALDATE, which a move leaves alone (RFC 8514, 4.3).
 */
export async function searchSavedBefore(
	session: Session,
	mailbox: string,
	before: Date,
): Promise<readonly number[] | undefined> {
	const supported = await search(session, mailbox, [
		toAtom('SAVEDATESUPPORTED'),
		toAtom('UID'),
		{ type: 'SEQUENCE', value: '*' },
	]);
	if (supported.length === 0) return undefined;
	return await search(session, mailbox, [toAtom('SAVEDBEFORE'), toAtom(toImapDate(before))]);
}

/** `05-Jan-2026` (RFC 3501, 9: date-text). */
export function toImapDate(date: Date): string {
	const day = String(date.getUTCDate()).padStart(2, '0');
	return `${day}-${MONTHS[date.getUTCMonth()] ?? ''}-${String(date.getUTCFullYear())}`;
}

function toAtom(value: string): Word {
	return { type: 'ATOM', value };
}

async function search(
	session: Session,
	mailbox: string,
	keys: readonly Word[],
): Promise<readonly number[]> {
	return await session.run(async (client) => {
		if (!isCommandRunner(client)) {
			throw new IngestError('refused-by-server', 'This driver cannot search by save date', {
				remedy: 'Report this error: the driver has changed.',
			});
		}
		const found = new Set<number>();
		const answer = await client.exec('UID SEARCH', keys, {
			untagged: {
				SEARCH: (untagged) => {
					for (const uid of toNumbers(untagged)) found.add(uid);
					return Promise.resolve();
				},
			},
		});
		answer.next();
		return [...found].sort((a, b) => a - b);
	}, mailbox);
}

function isCommandRunner(client: ImapFlow): client is ImapFlow & CommandRunner {
	return 'exec' in client && typeof client.exec === 'function';
}

function toNumbers({ numbers, attributes }: SearchAnswer): readonly number[] {
	return (numbers ?? (attributes ?? []).map((word) => Number(word?.value))).filter(
		(uid) => Number.isSafeInteger(uid) && uid > 0,
	);
}
