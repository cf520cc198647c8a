import { accountName } from '../core/account/account';
import { IngestError } from '../core/errors';
import type { MailAccountOptions } from './account';
import type { ActionAccount, ActionConnection, ActionMailbox, MailboxCounts } from './action-ports';
import { createSessions } from './connections/client';
import type { Session } from './connections/client';
import { listMailboxes, readStatus, toPath } from './mailboxes/folders';
import { DEFAULT_LIMITS } from './limits';
import type { MailLimits } from './limits';
import { createOpenMailbox } from './mailbox';
import { createMessageChanges } from './mailboxes/action-changes';
import { createMessageReader } from './messages/action-reader';
import { createRetention } from './mailboxes/retention';
import { selectMailbox } from './mailboxes/selected-mailbox';

/** An account whose messages are acted on over one connection (RFC 3501). */
export function createActionAccount(options: MailAccountOptions): ActionAccount {
	const withSession = createSessions(options);
	const account = accountName(options.account);
	const limits = { ...DEFAULT_LIMITS, ...options.limits };
	return {
		withConnection: (work) =>
			withSession((session) => work(createConnection(session, account, limits))),
	};
}

function createConnection(session: Session, account: string, limits: MailLimits): ActionConnection {
	const opened = new Map<string, ActionMailbox>();
	return {
		open: async (path, { readOnly = false } = {}) => {
			const key = `${readOnly ? 'r' : 'w'}:${path}`;
			const known = opened.get(key);
			if (known !== undefined) return known;
			const selected = await selectMailbox(session, path, readOnly);
			const access = { session, selected, account, limits };
			const mailbox: ActionMailbox = {
				...createOpenMailbox(access),
				...createRetention(session, selected),
				...createMessageChanges(access),
				...createMessageReader(access),
			};
			opened.set(key, mailbox);
			return mailbox;
		},
		list: () => listMailboxes(session),
		exists: async (path) => (await readStatus(session, toPath(session, path))) !== undefined,
		create: async (path) => {
			const target = toPath(session, path);
			const { created } = await session.run((client) => client.mailboxCreate(target), target);
			return { path: target, created: created === true };
		},
		status: (path) => readCounts(session, toPath(session, path)),
	};
}

async function readCounts(session: Session, path: string): Promise<MailboxCounts> {
	const query = { messages: true, unseen: true, uidNext: true, uidValidity: true };
	const answer = await session.run((client) => client.status(path, query), path);
	const { messages, unseen, uidNext, uidValidity } = answer;
	if (
		messages === undefined ||
		unseen === undefined ||
		uidNext === undefined ||
		uidValidity === undefined
	) {
		throw new IngestError(
			'refused-by-server',
			`The mail server does not tell the state of "${path}"`,
			{
				remedy: 'It may only hold other mailboxes: choose one that holds messages.',
			},
		);
	}
	return { path, messages, unread: unseen, uidNext, uidValidity: String(uidValidity) };
}
