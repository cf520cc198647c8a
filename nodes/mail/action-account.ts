import { accountName } from '../core/account/account';
import { IngestError } from '../core/errors';
import type { ActionAccount, ActionConnection, ActionMailbox, MailboxCounts } from './action-ports';
import { createSessions } from './connections/client';
import type { Session, SessionOptions } from './connections/client';
import { listMailboxes, readStatus, toPath } from './mailboxes/folders';
import { openMailbox } from './mailbox';
import { createMessageChanges } from './mailboxes/action-changes';
import { createMessageReader } from './messages/action-reader';

/** An account whose messages are acted on over one connection (RFC 3501). */
export function createActionAccount(options: SessionOptions): ActionAccount {
	const withSession = createSessions(options);
	const account = accountName(options.account);
	return {
		withConnection: (work) => withSession((session) => work(createConnection(session, account))),
	};
}

function createConnection(session: Session, account: string): ActionConnection {
	const opened = new Map<string, ActionMailbox>();
	return {
		open: async (path, { readOnly = false } = {}) => {
			const key = `${readOnly ? 'r' : 'w'}:${path}`;
			const known = opened.get(key);
			if (known !== undefined) return known;
			const { access, mailbox: own } = await openMailbox(session, account, path, readOnly);
			const mailbox: ActionMailbox = {
				...own,
				...createMessageChanges(access),
				...createMessageReader(access),
			};
			opened.set(key, mailbox);
			return mailbox;
		},
		list: () => listMailboxes(session),
		exists: async (path) => (await readStatus(session, await toPath(session, path))) !== undefined,
		create: async (path) => {
			const target = await toPath(session, path);
			const { created } = await session.run((client) => client.mailboxCreate(target), target);
			return { path: target, created: created === true };
		},
		status: async (path) => readCounts(session, await toPath(session, path)),
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
