import type { Dovecot } from '../support/servers/dovecot';
import type { StoredMessage } from '../support/servers/dovecot-mailbox';
import { MAILBOXES, toChaosMail, type MailKind } from './chaos-workflow';

/** A mail of a round. */
export interface SentMail {
	readonly token: string;
	readonly kind: MailKind;
}

/** Where the watched mailbox ends. */
export interface MailboxEnd {
	readonly uidValidity: string;
	readonly uidNext: number;
}

/** The mailboxes of one user, as they are used by everybody but the trigger. */
export class ChaosMailbox {
	/** Mail servers do not write a mailbox while they create it anew. */
	private writing: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly dovecot: Dovecot,
		private readonly user: string,
	) {}

	/** Puts mail into the watched mailbox, as a mail server does. */
	async deliver(mails: readonly SentMail[]): Promise<void> {
		await this.inTurn(() => this.append(mails));
	}

	/** Deletes the mailbox and puts its mail into a new one of that name; the server numbers it anew. */
	async renumber(keepsKeywords: boolean): Promise<void> {
		await this.inTurn(() => this.createAnew(keepsKeywords));
	}

	/** Does something to the mail while nothing else is written. */
	protected async inTurn(write: () => Promise<void>): Promise<void> {
		const written = this.writing.then(write);
		this.writing = written.catch(() => undefined);
		await written;
	}

	private async append(mails: readonly SentMail[]): Promise<void> {
		await this.dovecot.withClient(this.user, async (client) => {
			await client.mailboxCreate(MAILBOXES.watched);
			for (const { kind, token } of mails) {
				const taken = await client.append(MAILBOXES.watched, toChaosMail(kind, token));
				if (taken === false) throw new Error(`Mail ${token} was not taken`);
			}
		});
	}

	async list(mailbox: string): Promise<readonly StoredMessage[]> {
		return await this.dovecot.list(this.user, mailbox);
	}

	/** The mails of a kind that lie in the watched mailbox, by their tokens. */
	async tokensOf(kind: MailKind): Promise<readonly string[]> {
		const messages = await this.list(MAILBOXES.watched);
		return messages.flatMap(({ subject = '' }) => {
			const [found, token] = subject.split(' ');
			return found === kind && token !== undefined ? [token] : [];
		});
	}

	/** The UID that a mail has in the watched mailbox. */
	async uidOf(token: string): Promise<number> {
		const messages = await this.list(MAILBOXES.watched);
		const found = messages.find(({ messageId = '' }) => messageId.startsWith(`<${token}@`));
		if (found === undefined) throw new Error(`The mail ${token} is not there`);
		return found.uid;
	}

	/** Undefined while the server or the mailbox is not there. */
	async findEnd(): Promise<MailboxEnd | undefined> {
		const query = { uidValidity: true, uidNext: true };
		try {
			const status = await this.dovecot.withClient(this.user, (client) =>
				client.status(MAILBOXES.watched, query),
			);
			if (status === false || status.uidNext === undefined) return undefined;
			return { uidValidity: String(status.uidValidity), uidNext: status.uidNext };
		} catch {
			return undefined;
		}
	}

	private async createAnew(keepsKeywords: boolean): Promise<void> {
		const mailbox = MAILBOXES.watched;
		const messages = await this.list(mailbox);
		await this.dovecot.withClient(this.user, async (client) => {
			await client.mailboxDelete(mailbox);
			await client.mailboxCreate(mailbox);
			for (const { source, flags, internalDate } of messages) {
				const kept = flags.filter((flag) => keepsKeywords || flag.startsWith('\\'));
				await client.append(mailbox, source, kept, internalDate);
			}
		});
	}

	/** Empties all mailboxes, so that a long run does not become slower and slower. */
	async tidyUp(): Promise<void> {
		await this.dovecot.withClient(this.user, async (client) => {
			for (const mailbox of Object.values(MAILBOXES)) {
				await client.mailboxCreate(mailbox);
				await client.mailboxOpen(mailbox);
				await client.messageDelete('1:*');
			}
		});
	}
}
