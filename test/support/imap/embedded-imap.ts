import type { AddressInfo, Socket } from 'node:net';
import hoodiecrow from 'hoodiecrow-imap';
import fetchHandlers from 'hoodiecrow-imap/lib/commands/handlers/fetch.js';
import { createTestCa } from '../servers/tls';
import type { TestCa } from '../servers/tls';

export interface EmbeddedImapOptions {
	/** User names with their passwords; all of them see the same mailboxes. */
	users: Record<string, string>;
	/** Mailboxes beside INBOX; levels are written with `/`. */
	mailboxes?: string[];
	/** Certificate to show; one for localhost and 127.0.0.1 is made when left out. */
	tls?: TestCa;
}

/** A message as it lies in a mailbox. */
export interface EmbeddedMessage {
	uid: number;
	flags: string[];
	raw: Buffer;
}

export interface EmbeddedImap {
	host: '127.0.0.1';
	port: number;
	/** Authority to trust, PEM. */
	ca: string;
	/** Puts a message into a mailbox as it stands and returns its UID. */
	deliver(raw: string | Buffer, mailbox?: string): number;
	/** The messages of a mailbox; none when there is no such mailbox. */
	list(mailbox?: string): EmbeddedMessage[];
	/** Paths of all mailboxes. */
	listMailboxes(): string[];
	stop(): Promise<void>;
}

const EXTENSIONS = [
	'SASL-IR',
	'AUTH-PLAIN',
	'ID',
	'NAMESPACE',
	'SPECIAL-USE',
	'UNSELECT',
	'IDLE',
	'UIDPLUS',
	'MOVE',
];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A small IMAPS server in this process, for where a real one cannot be had: it knows MOVE, UIDPLUS and IDLE. */
export async function startEmbeddedImap(options: EmbeddedImapOptions): Promise<EmbeddedImap> {
	const tls = options.tls ?? (await createTestCa());
	const imap = hoodiecrow({
		secureConnection: true,
		credentials: { key: tls.key, cert: tls.cert },
		plugins: EXTENSIONS,
		users: Object.fromEntries(
			Object.entries(options.users).map(([user, password]) => [user, { password }]),
		),
		storage: { INBOX: {}, '': { separator: '/' } },
	});
	// BODY.PEEK is called BODY from the second message on.
	imap.fetchHandlers['BODY'] = imap.fetchHandlers['BODY.PEEK'] = readPartAnew();
	for (const mailbox of options.mailboxes ?? []) imap.createMailbox(mailbox);
	const sockets = new Set<Socket>();
	imap.connectionHandlers.push(({ socket }) => {
		sockets.add(socket);
		socket.on('error', () => socket.destroy());
		socket.on('close', () => sockets.delete(socket));
	});
	const port = await listen(imap);
	return {
		host: '127.0.0.1',
		port,
		ca: tls.ca,
		deliver: (raw, mailbox = 'INBOX') => {
			const place = imap.getMailbox(mailbox);
			if (place === undefined) throw new Error(`The embedded server has no mailbox ${mailbox}`);
			const text = (typeof raw === 'string' ? Buffer.from(raw) : raw).toString('latin1');
			return imap.appendMessage(place, [], toInternalDate(new Date()), text).message.uid;
		},
		list: (mailbox = 'INBOX') =>
			(imap.getMailbox(mailbox)?.messages ?? []).map(({ uid, flags, raw }) => ({
				uid,
				flags: [...flags],
				raw: Buffer.from(raw, 'latin1'),
			})),
		listMailboxes: () => Object.keys(imap.folderCache),
		stop: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => imap.close(resolve));
		},
	};
}

/** The server forgets how much of a part was asked for with the first message that has less, and gives nothing of the next. */
function readPartAnew(): hoodiecrow.FetchHandler {
	const asked = new WeakMap<hoodiecrow.FetchItem, readonly number[]>();
	return (connection, message, item) => {
		const partial = asked.get(item) ?? item.partial;
		if (partial !== undefined) {
			asked.set(item, [...partial]);
			item.partial = [...partial];
		}
		return fetchHandlers.BODY(connection, message, item);
	};
}

async function listen(imap: hoodiecrow.ImapServer): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		imap.server.once('error', reject);
		imap.listen(0, '127.0.0.1', resolve);
	});
	const address: AddressInfo | string | null = imap.server.address();
	if (typeof address === 'object' && address !== null) return address.port;
	throw new Error('The embedded server has no port');
}

/** `23-Nov-2026 09:05:00 +0000` (RFC 3501, 9: date-time). */
function toInternalDate(date: Date): string {
	const iso = date.toISOString();
	const month = MONTHS[date.getUTCMonth()] ?? '';
	return `${iso.slice(8, 10)}-${month}-${iso.slice(0, 4)} ${iso.slice(11, 19)} +0000`;
}
