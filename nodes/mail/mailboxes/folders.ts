import { IngestError } from '../../core/errors';
import type { Session } from '../connections/client';
import { toServerPath } from './mailbox-path';

/** A mailbox that can be opened. */
export interface ListedMailbox {
	readonly path: string;
	/** Special use (RFC 6154) such as `\\Trash`; `\\Inbox` for INBOX; null for ordinary ones. */
	readonly specialUse: string | null;
}

/** What a folder answers to STATUS. */
export interface FolderStatus {
	readonly uidValidity: string;
	readonly uidNext: number;
}

/** A path as this server writes it. */
export function toPath({ client }: Session, path: string): string {
	return toServerPath(path, {
		delimiter: client.namespace?.delimiter ?? '',
		prefix: client.namespace?.prefix ?? '',
	});
}

/**
 * The mailboxes that can be opened, in the order of the driver: special ones first, then by name.
 * Where the server does not tell the special use the driver goes by well-known names (`Trash`, `Papierkorb`).
 */
export async function listMailboxes(session: Session): Promise<readonly ListedMailbox[]> {
	const mailboxes = await session.run((client) => client.list());
	return mailboxes
		.filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'))
		.map(({ path, specialUse }) => ({ path, specialUse: specialUse ?? null }));
}

/** UIDVALIDITY and UIDNEXT of a folder, or undefined when there is no such folder. */
export async function readStatus(
	session: Session,
	folder: string,
): Promise<FolderStatus | undefined> {
	const query = { uidValidity: true, uidNext: true };
	try {
		const answer = await session.run((client) => client.status(folder, query), folder);
		const { uidValidity, uidNext } = answer;
		if (uidValidity !== undefined && uidNext !== undefined) {
			return { uidValidity: String(uidValidity), uidNext };
		}
	} catch (error) {
		if (!(error instanceof IngestError) || error.kind !== 'mailbox') throw error;
		if (error.code === 'mailbox-missing' || !(await isListed(session, folder))) return undefined;
		throw error;
	}
	throw new IngestError(
		'refused-by-server',
		`The mail server does not tell the UIDs of "${folder}"`,
		{
			remedy: 'Use a folder of another kind: this one may only hold folders.',
		},
	);
}

/** Not every server says plainly that a mailbox is missing. */
async function isListed(session: Session, folder: string): Promise<boolean> {
	const mailboxes = await session.run((client) => client.list());
	return mailboxes.some(({ path }) => path === folder);
}

/** Creates a folder and subscribes to it, so that mail programs show it; one that is there already is no error. */
export async function createFolder(session: Session, folder: string): Promise<void> {
	await session.run((client) => client.mailboxCreate(folder), folder);
}
