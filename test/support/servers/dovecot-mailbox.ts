import { ImapFlow } from 'imapflow';

export interface ImapLogin {
	host: string;
	port: number;
	ca: string;
	user: string;
	password: string;
}

/** A message as it lies in a mailbox. */
export interface StoredMessage {
	uid: number;
	flags: string[];
	internalDate: Date | undefined;
	messageId: string | undefined;
	subject: string | undefined;
	source: Buffer;
}

export interface DeliverOptions {
	/** INBOX when left out; created when missing. */
	mailbox?: string;
	flags?: string[];
	internalDate?: Date;
}

/** A property of the session that looks, not of the message. */
const RECENT = '\\Recent';

/** Logs in, acts, logs out. */
export async function withMailClient<T>(login: ImapLogin, act: (client: ImapFlow) => Promise<T>) {
	const { host, port, ca, user, password } = login;
	const client = new ImapFlow({
		host,
		port,
		secure: true,
		tls: { ca },
		auth: { user, pass: password },
		logger: false,
	});
	await client.connect();
	try {
		return await act(client);
	} finally {
		await client.logout();
	}
}

/**
 * Appends a message, byte for byte, and returns its UID.
 * @throws When the server takes it without telling the UID, as without UIDPLUS.
 */
export const deliver = (login: ImapLogin, raw: string | Buffer, options: DeliverOptions) =>
	withMailClient(login, async (client) => {
		const { mailbox = 'INBOX', flags = [], internalDate } = options;
		const append = () => client.append(mailbox, raw, flags, internalDate);
		// Not every server says of a mailbox that it is there already in a way that the driver understands.
		const appended = await append().catch(async () => {
			await client.mailboxCreate(mailbox);
			return await append();
		});
		if (appended === false || appended.uid === undefined) {
			throw new Error(`The message was not appended to ${mailbox} with a UID`);
		}
		return appended.uid;
	});

/**
 * All messages of a mailbox by UID; none when the mailbox does not exist.
 * IMAP has no way to say NUL in a message: Dovecot shows it as the byte 0x80.
 */
export const list = (login: ImapLogin, mailbox: string) =>
	withMailClient(login, async (client): Promise<StoredMessage[]> => {
		const mailboxes = await client.list();
		if (!mailboxes.some(({ path }) => path === mailbox)) return [];
		await client.mailboxOpen(mailbox, { readOnly: true });
		const query = { uid: true, flags: true, internalDate: true, envelope: true, source: true };
		const messages = await client.fetchAll('1:*', query);
		return messages.map(({ uid, flags, internalDate, envelope, source }) => ({
			uid,
			flags: [...(flags ?? [])].filter((flag) => flag !== RECENT).sort(),
			internalDate: internalDate === undefined ? undefined : new Date(internalDate),
			messageId: envelope?.messageId,
			subject: envelope?.subject,
			source: source ?? Buffer.alloc(0),
		}));
	});

/** Names of all mailboxes, sorted. */
export const listMailboxes = (login: ImapLogin) =>
	withMailClient(login, async (client) => (await client.list()).map(({ path }) => path).sort());
