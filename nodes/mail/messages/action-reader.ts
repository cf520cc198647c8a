import { pipeline, Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import type { FetchMessageObject, FetchQueryObject, MessageStructureObject } from 'imapflow';
import { mergeFetchRows } from 'imapflow/lib/tools.js';
import { messageGone } from '../../core/message/message-reference';
import { tooLarge } from '../../core/message/size-limit';
import type { ActionMailbox } from '../action-ports';
import { toHeaderFields } from './head';
import type { MailboxAccess } from '../mailboxes/selected-mailbox';
import { toMessageParts } from './structure';
import { toUidSets } from '../mailboxes/uid-set';

type MessageReader = Pick<ActionMailbox, 'header' | 'files' | 'stream'>;

/** Bytes of a header that are read; the largest that mail servers accept are about this size. */
const HEADER_LIMIT = 128 * 1024;

/** Reads single messages of an open mailbox and leaves them unread. */
export function createMessageReader(access: MailboxAccess): MessageReader {
	return {
		header: async (uid) => {
			const query = {
				uid: true,
				bodyParts: [{ key: 'HEADER', start: 0, maxLength: HEADER_LIMIT }],
			};
			const row = await fetchMessage(access, uid, query);
			if (row === undefined) return undefined;
			const header = row.headers ?? row.bodyParts?.get('header') ?? Buffer.alloc(0);
			return { fields: toHeaderFields(header), truncated: header.length >= HEADER_LIMIT };
		},
		files: async (uid) => {
			const row = await fetchMessage(access, uid, { uid: true, bodyStructure: true });
			if (row === undefined) return undefined;
			const pictures = inlinePicturesOf(row.bodyStructure);
			return toMessageParts(row.bodyStructure, access.limits).attachments.map((attachment) => ({
				...attachment,
				inlinePicture: pictures.has(attachment.part),
			}));
		},
		stream: (source, consume) => streamContent(access, source, consume),
	};
}

async function fetchMessage(
	{ session, selected }: MailboxAccess,
	uid: number,
	query: FetchQueryObject,
): Promise<FetchMessageObject | undefined> {
	await selected.ensureOpen();
	const [set] = toUidSets([uid]);
	if (set === undefined) return undefined;
	const rows = await session.run(
		(client) => client.fetchAll(set, query, { uid: true }),
		selected.state.path,
	);
	const own = rows.filter((row) => row.uid === uid);
	return own.length === 0 ? undefined : mergeFetchRows(own);
}

/** Part numbers of pictures that belong to the text: logos and signatures are written so (RFC 2387, RFC 2183). */
function inlinePicturesOf(root: MessageStructureObject | undefined): ReadonlySet<string> {
	const found = new Set<string>();
	const open = root === undefined ? [] : [root];
	for (let node = open.pop(); node !== undefined; node = open.pop()) {
		open.push(...(node.childNodes ?? []));
		const isWithinText = node.disposition === 'inline' || node.id !== undefined;
		if (node.type.startsWith('image/') && node.disposition !== 'attachment' && isWithinText) {
			found.add(node.part ?? '1');
		}
	}
	return found;
}

/** What a consumer came to; its own failures are not the mail server's. */
type Consumed<Result> =
	{ readonly result: Result; readonly bytes: number } | { readonly failure: unknown };

async function streamContent<Result>(
	{ session, selected }: MailboxAccess,
	{ uid, part, limit }: Parameters<ActionMailbox['stream']>[0],
	consume: (content: Readable) => Promise<Result>,
): Promise<{ readonly result: Result; readonly bytes: number }> {
	await selected.ensureOpen();
	const { path } = selected.state;
	const consumed = await session.run(async (client): Promise<Consumed<Result>> => {
		const options = { uid: true, decodeText: false };
		const { content } = await client.download(String(uid), part ?? undefined, options);
		if (content === undefined) throw messageGone({ mailbox: path, uid });
		let broken: Error | undefined;
		content.once('error', (error: Error) => {
			broken = error;
		});
		const guard = createGuard(limit, uid);
		// The reader of the guard gets every error, so that none is left to report here.
		pipeline(content, guard.stream, () => undefined);
		try {
			return { result: await consume(guard.stream), bytes: guard.bytes() };
		} catch (failure) {
			if (broken !== undefined) throw broken;
			return { failure };
		} finally {
			content.destroy();
		}
	}, path);
	if ('failure' in consumed) throw consumed.failure;
	return consumed;
}

/** Counts what passes and fails beyond the limit: servers may send more than they announced. */
function createGuard(limit: number, uid: number): { readonly stream: Transform; bytes(): number } {
	let bytes = 0;
	const stream = new Transform({
		transform: (chunk: Buffer, _encoding, done) => {
			bytes += chunk.length;
			if (bytes > limit) done(tooLarge(`What message ${String(uid)} holds`, bytes, limit));
			else done(null, chunk);
		},
	});
	return { stream, bytes: () => bytes };
}
