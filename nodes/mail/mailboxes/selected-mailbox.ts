/*
 * Finding and changing. mailbox-path.ts and folders.ts turn a name into a path, selected-mailbox.ts opens it, find-uids.ts
 * and search-criteria.ts look for messages; changes.ts flags, moves (move-by-copy.ts) and removes (removal.ts);
 * retention.ts empties a folder of what is old.
 */
import type { ImapFlow, MailboxObject, MailboxOpenOptions } from 'imapflow';
import { IngestError } from '../../core/errors';
import type { Session } from '../connections/client';
import { findNewest } from './find-uids';
import { FlagSet } from './flag-set';
import { isWrittenRaw, toPath } from './folders';
import { orElse } from './refusal';
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
	const serverPath = await toPath(session, path);
	const opened = await open(session, serverPath, readOnly);
	const state: MailboxState = {
		path: serverPath,
		uidValidity: String(opened.uidValidity),
		uidNext: opened.uidNext,
		exists: opened.exists,
		isUidNextTold: opened.isUidNextTold,
		readOnly: readOnly || opened.readOnly === true,
	};
	return {
		state,
		permanentFlags: opened.permanentFlags && new FlagSet(opened.permanentFlags),
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

type Opened = MailboxObject & Pick<MailboxState, 'isUidNextTold'>;

async function open(session: Session, path: string, readOnly: boolean): Promise<Opened> {
	const opened = await openExisting(session, path, readOnly);
	// The types promise both; servers may leave them out (RFC 3501, 6.3.1).
	const answered: Partial<MailboxObject> = opened;
	if (answered.uidValidity === undefined) {
		throw new IngestError('refused-by-server', `The mailbox "${path}" has no lasting UIDs`, {
			remedy: 'This server cannot be used: without UIDVALIDITY no message can be found again.',
		});
	}
	const uidNext = asUid(answered.uidNext) ?? (await askUidNext(session, path));
	if (uidNext !== undefined) return { ...opened, uidNext, isUidNextTold: true };
	const [newest = 0] = await findNewest(session, path, 1);
	return { ...opened, uidNext: newest + 1, isUidNextTold: false };
}

async function openExisting(
	session: Session,
	path: string,
	readOnly: boolean,
): Promise<MailboxObject> {
	const open = () => session.run((client) => openUnlisted(client, path, { readOnly }), path);
	try {
		return await open();
	} catch (error) {
		const isMissing = error instanceof IngestError && error.code === 'mailbox-missing';
		if (!isMissing || !(await isWrittenRaw(session, path))) throw error;
		return await open();
	}
}

/** UIDNEXT by STATUS, for servers that leave it out of SELECT (Courier); some know it nowhere. */
async function askUidNext(session: Session, path: string): Promise<number | undefined> {
	const query = { uidNext: true };
	const answer = session.run((client) => client.status(path, query), path);
	// RFC 3501, 6.3.10, does not want STATUS for the mailbox that is open, and servers may refuse it.
	return asUid((await orElse(answer, undefined))?.uidNext);
}

/** No message has the UID 0 (RFC 3501, 2.3.1.1). */
function asUid(value: number | undefined): number | undefined {
	return value !== undefined && value > 0 ? value : undefined;
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
