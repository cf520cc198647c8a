import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startDovecot } from '../support/servers/dovecot';
import type { Dovecot } from '../support/servers/dovecot';
import { createTestCa } from '../support/servers/tls';
import type { TestCa } from '../support/servers/tls';

export const PASSWORD = 'bench-mail-pw';
/** The watched mailbox: INBOX cannot be removed and made anew. */
export const MAILBOX = 'Alerts';

/** Many users at once, each of whom keeps a connection. */
const CONFIG = `service imap-login {
  service_count = 0
  client_limit = 1000
}
service imap {
  process_limit = 1024
}
`;

/** The mail server of a case. */
export interface BenchServer {
	readonly dovecot: Dovecot;
	readonly tls: TestCa;
}

/** Where Linux keeps files in memory, and how much has to be free there. */
const MEMORY_FOLDER = '/dev/shm';
const MEMORY_BYTES = 4 * 2 ** 30;

/** A folder for mail: in memory where there is room, so that no disk is measured. */
async function makeMailFolder(): Promise<string> {
	const memory = await statfs(MEMORY_FOLDER).catch(() => undefined);
	const isRoomy = memory !== undefined && memory.bavail * memory.bsize > MEMORY_BYTES;
	const folder = await mkdtemp(path.join(isRoomy ? MEMORY_FOLDER : tmpdir(), 'bench-mail-'));
	// Dovecot may run as another user.
	await chmod(folder, 0o777);
	return folder;
}

/** Runs `work` with a Dovecot that has these users, whose mail is kept in one of its formats. */
export async function withBenchServer<Result>(
	users: readonly string[],
	work: (server: BenchServer) => Promise<Result>,
	format: 'maildir' | 'sdbox' = 'maildir',
): Promise<Result> {
	const tls = await createTestCa();
	const passwords = Object.fromEntries(users.map((user) => [user, PASSWORD]));
	const folder = await makeMailFolder();
	const config = `${CONFIG}mail_location = ${format}:${folder}/%u\n`;
	try {
		const dovecot = await startDovecot({ tls, users: passwords, config });
		try {
			return await work({ dovecot, tls });
		} finally {
			await dovecot.stop();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

type Counted = 'messages' | 'unseen';

/** Mail of a user that is written once and copied into a mailbox for each run, which takes no time. */
export class MailStock {
	constructor(
		private readonly dovecot: Dovecot,
		readonly user: string,
		private readonly stock = 'Stock',
	) {}

	/** Writes the mails. */
	async fill(mails: Iterable<string>): Promise<void> {
		await this.dovecot.withClient(this.user, async (client) => {
			await client.mailboxCreate(this.stock);
			for (const mail of mails) await client.append(this.stock, mail);
		});
	}

	/** Empties `mailbox` and puts the first `count` mails of the stock into it. */
	async put(mailbox: string, count: number): Promise<void> {
		await this.clear(mailbox, 'Done');
		await this.add(mailbox, count);
	}

	/** Puts `count` mails of the stock into a mailbox besides what is there. */
	async add(mailbox: string, count: number): Promise<void> {
		await this.dovecot.withClient(this.user, async (client) => {
			await client.mailboxCreate(mailbox);
			const { exists } = await client.mailboxOpen(this.stock);
			for (let left = count; left > 0; left -= exists) {
				await client.messageCopy(`1:${String(Math.min(left, exists))}`, mailbox);
			}
		});
	}

	/** Removes mailboxes with all that is in them, and makes them anew. */
	async clear(...mailboxes: readonly string[]): Promise<void> {
		await this.dovecot.withClient(this.user, async (client) => {
			const existing = new Set((await client.list()).map(({ path }) => path));
			for (const mailbox of mailboxes) {
				if (existing.has(mailbox)) await client.mailboxDelete(mailbox);
				await client.mailboxCreate(mailbox);
			}
		});
	}

	/** How many mails lie in a mailbox, or are unread there. */
	async count(mailbox: string, what: Counted = 'messages'): Promise<number> {
		return await this.dovecot.withClient(this.user, async (client) => {
			const { [what]: count = 0 } = (await client.status(mailbox, { [what]: true })) || {};
			return count;
		});
	}
}
