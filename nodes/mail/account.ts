import { accountName } from '../core/account/account';
import { createSessions } from './connections/client';
import type { ClientOptions } from './connections/client';
import { listMailboxes } from './mailboxes/folders';
import { DEFAULT_LIMITS } from './limits';
import type { MailLimits } from './limits';
import { createOpenMailbox } from './mailbox';
import type { MailAccount } from './ports';
import { createRetention } from './mailboxes/retention';
import { selectMailbox } from './mailboxes/selected-mailbox';

/** What it takes to use the mailboxes of an account. */
export interface MailAccountOptions extends ClientOptions {
	readonly limits?: Partial<MailLimits>;
}

/** An account over IMAP (RFC 3501): every call connects, does its work, logs out and closes. */
export function createMailAccount(options: MailAccountOptions): MailAccount {
	const withSession = createSessions(options);
	const account = accountName(options.account);
	const limits = { ...DEFAULT_LIMITS, ...options.limits };
	return {
		withMailbox: (path, work, { readOnly = false } = {}) =>
			withSession(async (session) => {
				const selected = await selectMailbox(session, path, readOnly);
				const mailbox = createOpenMailbox({ session, selected, account, limits });
				return await work({ ...mailbox, ...createRetention(session, selected) });
			}),
		list: () => withSession(listMailboxes),
	};
}

/**
 * Signs in and opens INBOX without changing anything: what a credential has to be good for.
 *
 * @throws IngestError that says what a person has to do
 */
export async function verifyLogin(options: ClientOptions): Promise<void> {
	await createSessions(options)(async (session) => {
		await selectMailbox(session, 'INBOX', true);
	});
}
