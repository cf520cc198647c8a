import { setTimeout as delay } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import { startDovecot } from '../support/dovecot';
import type { Dovecot } from '../support/dovecot';
import { createTestCa } from '../support/tls';
import type { TestCa } from '../support/tls';

export const PASSWORD = 'bench-mail-pw';
/** The watched mailbox: INBOX cannot be removed and made anew. */
export const MAILBOX = 'Alerts';

const PROBE_PAUSE_MS = 20;
const LIMIT_MS = 600_000;

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

/**
 * Runs `work` with a Dovecot that has these users.
 *
 * @param config further lines of its configuration
 */
export async function withBenchServer<Result>(
	users: readonly string[],
	work: (server: BenchServer) => Promise<Result>,
	config = '',
): Promise<Result> {
	const tls = await createTestCa();
	const passwords = Object.fromEntries(users.map((user) => [user, PASSWORD]));
	const dovecot = await startDovecot({ tls, users: passwords, config: CONFIG + config });
	try {
		return await work({ dovecot, tls });
	} finally {
		await dovecot.stop();
	}
}

async function countMails(client: ImapFlow, mailbox: string): Promise<number> {
	const { messages = 0 } = (await client.status(mailbox, { messages: true })) || {};
	return messages;
}

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

	/** How many mails lie in a mailbox. */
	async count(mailbox: string): Promise<number> {
		return await this.dovecot.withClient(this.user, (client) => countMails(client, mailbox));
	}

	/**
	 * Waits until only `left` mails lie in a mailbox, on one connection, which costs the server next to nothing.
	 *
	 * @throws when it takes longer than ten minutes
	 */
	async waitUntilLeft(mailbox: string, left: number): Promise<void> {
		const deadline = Date.now() + LIMIT_MS;
		await this.dovecot.withClient(this.user, async (client) => {
			while ((await countMails(client, mailbox)) !== left) {
				if (Date.now() > deadline) throw new Error('It has taken too long');
				await delay(PROBE_PAUSE_MS);
			}
		});
	}
}
