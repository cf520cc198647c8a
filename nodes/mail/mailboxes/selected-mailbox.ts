import type { ImapFlow, MailboxObject, MailboxOpenOptions } from 'imapflow';
import { IngestError } from '../../core/errors';
import type { Session } from '../connections/client';
import { toPath } from './folders';
import type { MailLimits } from '../limits';
import type { MailboxState } from '../ports';

/** The mailbox that was asked for, and how to come back to it after another one was open. */
export interface SelectedMailbox {
	readonly state: MailboxState;
	/** Flags that are kept, or undefined when the server did not say (RFC 3501, 7.1). */
	readonly permanentFlags: ReadonlySet<string> | undefined;
	/** Selects it again where another mailbox was opened meanwhile; refuses when its UIDs lost their meaning. */
	ensureOpen(): Promise<void>;
}

/** Opens a mailbox: the path may be written with `/`. */
export async function selectMailbox(
	session: Session,
	path: string,
	readOnly: boolean,
): Promise<SelectedMailbox> {
	const serverPath = toPath(session, path);
	const opened = await open(session, serverPath, readOnly);
	const state: MailboxState = {
		path: serverPath,
		uidValidity: String(opened.uidValidity),
		uidNext: opened.uidNext,
		exists: opened.exists,
		readOnly: readOnly || opened.readOnly === true,
	};
	return {
		state,
		permanentFlags: opened.permanentFlags,
		ensureOpen: async () => {
			const { mailbox } = session.client;
			if (mailbox !== false && mailbox.path === serverPath) return;
			const again = await open(session, serverPath, readOnly);
			if (String(again.uidValidity) === state.uidValidity) return;
			throw new IngestError('stale-reference', `The mailbox "${serverPath}" was created anew`, {
				remedy: 'This is tried again with the new mailbox.',
			});
		},
	};
}

async function open(session: Session, path: string, readOnly: boolean): Promise<MailboxObject> {
	const opened = await session.run((client) => openUnlisted(client, path, { readOnly }), path);
	// The types promise both; servers may leave them out (RFC 3501, 6.3.1).
	const answered: Partial<MailboxObject> = opened;
	if (answered.uidValidity === undefined) {
		throw new IngestError('refused-by-server', `The mailbox "${path}" has no lasting UIDs`, {
			remedy: 'This server cannot be used: without UIDVALIDITY no message can be found again.',
		});
	}
	if (answered.uidNext !== undefined) return opened;
	const newest = await session.run((client) => client.search({ uid: '*' }, { uid: true }), path);
	return { ...opened, uidNext: (newest.at(-1) ?? 0) + 1 };
}

/**
 * Opens without asking first how the mailbox is listed: the driver does that once for each mailbox of a connection,
 * to know its special use, and nothing here needs it. What it has been told is not among its types.
 */
export async function openUnlisted(
	client: ImapFlow,
	path: string,
	options: MailboxOpenOptions = {},
): Promise<MailboxObject> {
	if ('folders' in client && client.folders instanceof Map && !client.folders.has(path)) {
		client.folders.set(path, undefined);
	}
	return await client.mailboxOpen(path, options);
}

/** What is needed to read and change the messages of one mailbox. */
export interface MailboxAccess {
	readonly session: Session;
	readonly selected: SelectedMailbox;
	readonly account: string;
	readonly limits: MailLimits;
}
