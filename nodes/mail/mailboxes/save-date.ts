import type { ImapFlow } from 'imapflow';
import { IngestError } from '../../core/errors';
import { isRecord } from '../../core/is-record';
import type { Session } from '../connections/client';
import { toUidSets } from './uid-set';

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

/** An untagged FETCH: its number, and the list of what was asked for. */
interface FetchAnswer {
	readonly attributes?: ReadonlyArray<unknown>;
}

type Untagged =
	{ SEARCH(answer: SearchAnswer): Promise<void> } | { FETCH(answer: FetchAnswer): Promise<void> };

/** What the driver's commands are built on; not among its types, since it does not know of save dates. */
interface CommandRunner {
	exec(
		command: string,
		words: ReadonlyArray<Word | readonly Word[]>,
		options: { readonly untagged: Untagged },
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

/**
 * When messages of the selected mailbox were put there, in epoch milliseconds by UID (RFC 8514, 4.1); empty where the
 * server does not tell.
 */
export async function readSaveDates(
	session: Session,
	mailbox: string,
	uids: readonly number[],
): Promise<ReadonlyMap<number, number>> {
	const dates = new Map<number, number>();
	if (!session.client.capabilities.has('SAVEDATE')) return dates;
	const wanted = [toAtom('UID'), toAtom('SAVEDATE')];
	for (const set of toUidSets(uids)) {
		await run(session, mailbox, 'UID FETCH', [{ type: 'SEQUENCE', value: set }, wanted], {
			FETCH: ({ attributes }) => {
				const values = toValues(attributes?.[1]);
				const date = Date.parse(String(values.get('SAVEDATE')));
				if (!Number.isNaN(date)) dates.set(Number(values.get('UID')), date);
				return Promise.resolve();
			},
		});
	}
	return dates;
}

/** `UID 5 SAVEDATE "..."` as the driver reads it -> the values by name. */
function toValues(list: unknown): ReadonlyMap<unknown, unknown> {
	const words: unknown[] = Array.isArray(list) ? list : [];
	const values = words.map((word) => (isRecord(word) ? word['value'] : undefined));
	return new Map(values.flatMap((value, index) => (index % 2 ? [] : [[value, values[index + 1]]])));
}

async function search(
	session: Session,
	mailbox: string,
	keys: readonly Word[],
): Promise<readonly number[]> {
	const found = new Set<number>();
	await run(session, mailbox, 'UID SEARCH', keys, {
		SEARCH: (untagged) => {
			for (const uid of toNumbers(untagged)) found.add(uid);
			return Promise.resolve();
		},
	});
	return [...found].sort((a, b) => a - b);
}

async function run(
	session: Session,
	mailbox: string,
	command: string,
	words: ReadonlyArray<Word | readonly Word[]>,
	untagged: Untagged,
): Promise<void> {
	await session.run(async (client) => {
		if (!isCommandRunner(client)) {
			throw new IngestError('refused-by-server', 'This driver cannot ask for save dates', {
				remedy: 'Report this error: the driver has changed.',
			});
		}
		const answer = await client.exec(command, words, { untagged });
		answer.next();
		return true;
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
