import { IngestError } from '../../core/errors';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';

/** What was fetched of each message, by UID, and why the rest could not be. */
export interface Isolated<Row> {
	readonly rows: ReadonlyMap<number, Row>;
	readonly unreadable: ReadonlyMap<number, IngestError>;
}

/** What finding unreadable messages in one batch may cost: enough for two or three among 200. */
const MAX_FAILURES = 24;
/** So many messages that cannot be read, and none that can, are believed to be at fault themselves. */
const MAX_ALL_UNREADABLE = 3;

const NOT_ASKED = new IngestError(
	'message-not-asked',
	'too many others near it cannot be read, so it was not asked for alone',
);

interface Search<Row> {
	readonly access: MailboxAccess;
	readonly fetch: (uids: readonly number[]) => Promise<ReadonlyMap<number, Row>>;
	failures: number;
}

/**
 * Fetches messages so that one which cannot be read does not stop the others: where the server refuses a batch, ends the
 * connection or falls silent at it twice, or gives a row that breaks the connection, the batch is halved until the message
 * is found. When too many halves fail, the rest comes with `message-not-asked`, and is tried again with fewer at once.
 *
 * @throws IngestError where the fault is not with messages: the server does not even give their flags, or nothing of many
 */
export async function fetchIsolated<Row>(
	access: MailboxAccess,
	uids: readonly number[],
	fetch: Search<Row>['fetch'],
): Promise<Isolated<Row>> {
	let failure: IngestError;
	try {
		return { rows: await fetch(uids), unreadable: new Map() };
	} catch (error) {
		if (!isAboutMessages(error)) throw error;
		failure = error;
	}
	await recover(access, failure);
	await assertServing(access, uids, failure);
	if (failure.kind === 'unavailable') {
		// A connection may break at any moment, and break at this one by chance.
		try {
			return { rows: await fetch(uids), unreadable: new Map() };
		} catch (error) {
			if (!isAboutMessages(error)) throw error;
			await recover(access, error);
		}
	}
	const found = await halve({ access, fetch, failures: 1 }, uids, failure);
	const isAll = found.unreadable.size === uids.length && uids.length > MAX_ALL_UNREADABLE;
	if (isAll && failure.kind !== 'message') throw failure;
	return found;
}

async function fetchHalf<Row>(
	search: Search<Row>,
	uids: readonly number[],
): Promise<Isolated<Row>> {
	try {
		return { rows: await search.fetch(uids), unreadable: new Map() };
	} catch (error) {
		if (!isAboutMessages(error)) throw error;
		search.failures += 1;
		await recover(search.access, error);
		return await halve(search, uids, error);
	}
}

/** Fetches the halves of a batch that has failed. */
async function halve<Row>(
	search: Search<Row>,
	uids: readonly number[],
	failure: IngestError,
): Promise<Isolated<Row>> {
	if (uids.length === 1 || search.failures >= MAX_FAILURES) {
		const reason = uids.length === 1 ? failure : NOT_ASKED;
		return { rows: new Map(), unreadable: new Map(uids.map((uid) => [uid, reason])) };
	}
	const middle = Math.ceil(uids.length / 2);
	const older = await fetchHalf(search, uids.slice(0, middle));
	const newer = await fetchHalf(search, uids.slice(middle));
	return {
		rows: new Map([...older.rows, ...newer.rows]),
		unreadable: new Map([...older.unreadable, ...newer.unreadable]),
	};
}

const MAYBE_ABOUT_MESSAGES: ReadonlySet<IngestError['code']> = new Set([
	'message-unreadable',
	'refused-by-server',
	'connection-lost',
	'time-out',
	// A response code such as SERVERBUG, that Dovecot gives for a damaged file.
	'throttled',
]);

/** Whether a failed FETCH may be the fault of a message; a server that asks for a pause speaks of itself. */
function isAboutMessages(error: unknown): error is IngestError {
	return (
		error instanceof IngestError &&
		error.retryAfterMs === undefined &&
		MAYBE_ABOUT_MESSAGES.has(error.code)
	);
}

/** After a clear answer the connection is as it was; after anything else another one is needed. */
async function recover({ session, selected }: MailboxAccess, { code }: IngestError): Promise<void> {
	const isAnswered = code === 'refused-by-server' || code === 'throttled';
	if (!isAnswered || !session.client.usable) await session.renew();
	await selected.ensureOpen();
}

/**
 * Flags take no look at a message: a server that refuses even these has another trouble. Two messages are enough to know,
 * and a server that refuses large sets answers for each.
 */
async function assertServing(
	{ session, selected }: MailboxAccess,
	uids: readonly number[],
	failure: IngestError,
): Promise<void> {
	const query = { uid: true, flags: true };
	const isServed = async (uid: number) => {
		try {
			const set = String(uid);
			await session.run(
				(client) => client.fetchAll(set, query, { uid: true }),
				selected.state.path,
			);
			return true;
		} catch {
			return false;
		}
	};
	for (const uid of new Set([...uids.slice(0, 1), ...uids.slice(-1)])) {
		if (await isServed(uid)) return;
	}
	throw failure;
}
