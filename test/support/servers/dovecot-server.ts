import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startDovecot } from './dovecot';
import { findOwner } from './dovecot-process';
import { createBackup, SERVER_PASSWORD, SERVER_USERS } from './mail-server';
import type { MailServer } from './mail-server';

const run = promisify(execFile);

/** Mailboxes that belong to nobody. */
const toPublic = (folder: string) => `namespace public {
  type = public
  separator = /
  prefix = Public/
  location = maildir:${folder}/mail/public
  subscriptions = no
  list = children
}
`;

/** Dovecot as one of the servers that the features are tried on. */
export async function startDovecotServer(): Promise<MailServer> {
	let folder = '';
	const dovecot = await startDovecot({
		users: Object.fromEntries(SERVER_USERS.map((user) => [user, SERVER_PASSWORD])),
		config: (place) => {
			folder = place;
			return toPublic(place);
		},
	});
	const own = async () => {
		const { user, group, ids } = await findOwner();
		if (ids !== undefined) await run('chown', ['-R', '-h', `${user}:${group}`, folder]);
	};
	return {
		...dovecot,
		...createBackup({ folder, own }, ['mail']),
		share: async (name) => {
			const path = `Public/${name}`;
			await dovecot.withClient('neo', (client) => client.mailboxCreate(path));
			return { path, deliver: (raw) => dovecot.deliver('trinity', raw, { mailbox: path }) };
		},
	};
}
