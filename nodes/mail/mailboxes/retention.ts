import type { ImapFlow } from 'imapflow';
import { IngestError } from '../../core/errors';
import type { Session } from '../connections/client';
import { listMailboxes, readStatus, toPath } from './folders';
import type { RetentionMailbox } from '../ports';
import { deleteMessages } from './removal';
import { searchSavedBefore } from './save-date';
import { openUnlisted, selectMailbox } from './selected-mailbox';
import type { SelectedMailbox } from './selected-mailbox';

/** Retention in the session of an open mailbox; that mailbox itself and INBOX are refused. */
export function createRetention(session: Session, selected: SelectedMailbox): RetentionMailbox {
	const toTarget = async (folder: string) => {
		const path = await toPath(session, folder);
		if (path !== selected.state.path && path !== 'INBOX') return path;
		throw new IngestError('configuration', `Retention may not delete from "${path}"`, {
			field: 'Delete After Days',
			remedy: 'Move processed messages to a folder of their own.',
		});
	};
	return {
		status: async (folder) => {
			const answer = await readStatus(session, await toPath(session, folder));
			if (answer === undefined) return undefined;
			const { uidValidity, uidNext = await openForUidNext(session, folder) } = answer;
			return { uidValidity, uidNext };
		},
		isSpecial: async (folder) => {
			const path = await toPath(session, folder);
			if (path === 'INBOX') return true;
			const mailboxes = await listMailboxes(session);
			return mailboxes.some((mailbox) => mailbox.path === path && mailbox.specialUse !== null);
		},
		deleteBelow: async (folder, uidValidity, uidBelow) =>
			await inFolder(session, await toTarget(folder), async (path, opened) => {
				if (String(opened.uidValidity) !== uidValidity || uidBelow <= 1) return 0;
				// Proton Bridge refuses to search what is empty.
				if (opened.exists === 0) return 0;
				const range = `1:${String(uidBelow - 1)}`;
				const found = await session.run(
					(client) => client.search({ uid: range }, { uid: true }),
					path,
				);
				const old = found.filter((uid) => uid < uidBelow);
				await deleteMessages(session, path, old);
				return old.length;
			}),
		deleteSavedBefore: async (folder, before) => {
			if (!session.client.capabilities.has('SAVEDATE')) return undefined;
			return await inFolder(session, await toTarget(folder), async (path, opened) => {
				if (opened.exists === 0) return 0;
				const old = await searchSavedBefore(session, path, before);
				if (old !== undefined) await deleteMessages(session, path, old);
				return old?.length;
			});
		},
	};
}

/** UIDNEXT of a folder that STATUS does not tell it of (163.com). */
async function openForUidNext(session: Session, folder: string): Promise<number> {
	const { state } = await selectMailbox(session, folder, true);
	return state.uidNext;
}

type Opened = Exclude<ImapFlow['mailbox'], false>;

/** Opens the folder for `work`; one that does not exist has nothing to delete. */
async function inFolder<Result>(
	session: Session,
	path: string,
	work: (path: string, opened: Opened) => Promise<Result>,
): Promise<Result | 0> {
	let opened: Opened;
	try {
		opened = await session.run((client) => openUnlisted(client, path), path);
	} catch (error) {
		if (error instanceof IngestError && error.code === 'mailbox-missing') return 0;
		throw error;
	}
	return await work(path, opened);
}
