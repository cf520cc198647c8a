import { accountName } from '../core/account/account';
import { createSessions } from './connections/client';
import type { SessionOptions } from './connections/client';
import { listMailboxes } from './mailboxes/folders';
import { openMailbox } from './mailbox';
import type { MailAccount } from './ports';

/** An account over IMAP (RFC 3501): every call connects, does its work, logs out and closes. */
export function createMailAccount(options: SessionOptions): MailAccount {
	const withSession = createSessions(options);
	const account = accountName(options.account);
	return {
		withMailbox: (path, work, { readOnly = false } = {}) =>
			withSession(async (session) => {
				const { mailbox } = await openMailbox(session, account, path, readOnly);
				return await work(mailbox);
			}),
		list: () => withSession(listMailboxes),
	};
}
