import type { IngestError } from '../../../nodes/core/errors';
import type { BodyText, MessageSummary } from '../../../nodes/core/message/message';
import type { Mailbox } from '../../../nodes/ingest/ingest';
import type { MailAccount, ScannedMessage } from '../../../nodes/mail/ports';

/** A message as a test writes it. */
export interface StoredMessage {
	readonly uid: number;
	readonly from: string;
	readonly subject: string;
	readonly body: string;
	/** The text of its HTML part, where it has one besides. */
	readonly bodyOfHtml?: string | undefined;
	readonly receivedAt: string;
	readonly messageId: string;
	/** Of the receiving host, about the sender. */
	readonly authentication?: string | undefined;
	readonly flags: Set<string>;
}

/** An account in memory that carries out the mail port to the letter, and can refuse on demand. */
export class MemoryAccount implements MailAccount {
	readonly mailboxes = new Map<string, StoredMessage[]>([['INBOX', []]]);
	/** Every call of the port, e.g. `heads 3`, to count what a poll costs. */
	readonly calls: string[] = [];
	uidValidity = '1';
	/** UIDs whose body the server does not hand out. */
	readonly bodiless = new Map<number, IngestError>();
	/** UIDs with more parts than are looked at. */
	readonly manyParts = new Set<number>();
	/** UIDs whose body is larger than what is read of it. */
	readonly cutShort = new Set<number>();
	/** False plays Exchange, which has no keywords. */
	keepsKeywords = true;
	/** UIDs whose head cannot be read, with the reason. */
	readonly unreadable = new Map<number, IngestError>();
	/** Set to make the next calls of that name reject. */
	readonly refuse = new Map<string, IngestError>();
	/** Set to make one call of that name reject, after so many more of them went well. */
	readonly refuseLater = new Map<string, { after: number; readonly error: IngestError }>();
	/** False plays a server without MOVE and UIDPLUS. */
	canMove = true;
	/** UIDs that a search does not find. */
	readonly hidden = new Set<number>();
	/** The UIDNEXT that is told in place of the right one. */
	uidNextTold: number | undefined;
	private nextUid = 1;

	/** Puts a message into a mailbox and returns its UID. */
	deliver(subject: string, more: Partial<StoredMessage> = {}, mailbox = 'INBOX'): number {
		const uid = this.nextUid;
		this.nextUid += 1;
		this.messagesOf(mailbox).push({
			uid,
			from: 'trinity@zion.com',
			subject,
			body: '',
			receivedAt: '2026-11-23T03:00:00.000Z',
			messageId: `<${String(uid)}@zion.com>`,
			flags: new Set(),
			...more,
		});
		return uid;
	}

	/** Subjects of a mailbox, in the order of arrival. */
	subjects(mailbox = 'INBOX'): string[] {
		return (this.mailboxes.get(mailbox) ?? []).map(({ subject }) => subject);
	}

	/** Gives every message of INBOX a new number, as a rebuilt server does. */
	renumber(): void {
		this.uidValidity = String(Number(this.uidValidity) + 1);
		const messages = this.messagesOf('INBOX').splice(0);
		for (const message of messages)
			this.deliver(message.subject, { ...message, uid: this.nextUid });
	}

	/** Puts INBOX back to when its last `lost` messages had not come yet, UIDNEXT and all. */
	restore(lost: number): void {
		const gone = this.messagesOf('INBOX').splice(-lost);
		this.nextUid = gone[0]?.uid ?? this.nextUid;
	}

	async withMailbox<Result>(
		path: string,
		work: (mailbox: Mailbox) => Promise<Result>,
	): Promise<Result> {
		this.call('open', [path]);
		return await work(this.open(path));
	}

	list(): Promise<ReadonlyArray<{ path: string; specialUse: string | null }>> {
		return Promise.resolve([...this.mailboxes.keys()].map((path) => ({ path, specialUse: null })));
	}

	private messagesOf(mailbox: string): StoredMessage[] {
		const messages = this.mailboxes.get(mailbox) ?? [];
		this.mailboxes.set(mailbox, messages);
		return messages;
	}

	private call(name: string, details: readonly unknown[]): void {
		this.calls.push([name, ...details].join(' '));
		this.refuseOnce(name);
		const refusal = this.refuse.get(name);
		if (refusal !== undefined) throw refusal;
	}

	private open(path: string): Mailbox {
		const messages = this.messagesOf(path);
		const find = (uids: readonly number[]): StoredMessage[] => {
			const byUid = new Map(messages.map((message) => [message.uid, message]));
			return uids.flatMap((uid) => byUid.get(uid) ?? []);
		};
		const remove = (uids: readonly number[]): StoredMessage[] => {
			const found = find(uids);
			messages.splice(0, messages.length, ...messages.filter(({ uid }) => !uids.includes(uid)));
			return found;
		};
		const run = async <Result>(
			name: string,
			details: readonly unknown[],
			act: () => Result,
		): Promise<Result> => {
			// Real servers answer later: let what else is due run first.
			await Promise.resolve();
			this.call(name, details);
			return act();
		};
		return {
			state: {
				path,
				uidValidity: this.uidValidity,
				uidNext: this.uidNextTold ?? this.nextUid,
				isUidNextTold: true,
				exists: messages.length,
				readOnly: false,
			},
			uidsAfter: (position) =>
				run('uidsAfter', [position], () =>
					(this.uidNextTold ?? this.nextUid) - 1 <= position
						? []
						: messages
								.map(({ uid }) => uid)
								.filter((uid) => uid > position && !this.hidden.has(uid)),
				),
			newestUids: (count) =>
				run('newestUids', [count], () => messages.map(({ uid }) => uid).slice(-count)),
			timesOfReceipt: (ranges, position) =>
				run('timesOfReceipt', [position], () => {
					const isAsked = (uid: number) =>
						uid > position || ranges.some(({ from, to }) => from <= uid && uid <= to);
					const found = messages.filter(
						(message) => isAsked(message.uid) || message === messages.at(-1),
					);
					return new Map(found.map(({ uid, receivedAt }) => [uid, Date.parse(receivedAt)]));
				}),
			existing: (uids) => run('existing', uids, () => find(uids).map(({ uid }) => uid)),
			flags: (uids) =>
				run('flags', uids, () => new Map(find(uids).map(({ uid, flags }) => [uid, flags]))),
			unreadWithKeyword: (keyword, upTo) =>
				run('unreadWithKeyword', [keyword, upTo], () =>
					messages
						.filter(({ uid, flags }) => uid <= upTo && flags.has(keyword) && !flags.has('\\Seen'))
						.map(({ uid }) => uid),
				),
			heads: (uids) =>
				run('heads', uids, () => find(uids).map((message) => this.toScanned(path, message))),
			structures: (messages) => Promise.resolve(messages),
			bodies: (wanted, textFrom) =>
				run(
					'bodies',
					wanted.map(({ summary }) => summary.uid),
					() => {
						const found = find(wanted.map(({ summary }) => summary.uid)).filter(
							({ uid }) => !this.bodiless.has(uid),
						);
						const texts = new Map(
							found.map(({ uid, body, bodyOfHtml = body }) => [
								uid,
								toBody(textFrom === 'html' ? bodyOfHtml : body, this.cutShort.has(uid)),
							]),
						);
						return { texts, unreadable: new Map(this.bodiless) };
					},
				),
			addFlag: (uids, flag) =>
				run('addFlag', [flag, ...uids], () => {
					for (const message of find(uids)) message.flags.add(flag);
				}),
			addKeyword: (uids, keyword) =>
				run('addKeyword', [keyword, ...uids], () => {
					if (!this.keepsKeywords) return false;
					for (const message of find(uids)) message.flags.add(keyword);
					return true;
				}),
			canMove: this.canMove,
			move: (uids, folder, cannotMove = 'leave') =>
				run('move', [folder, ...uids], () => {
					const copies = !this.canMove && cannotMove === 'copy';
					this.messagesOf(folder).push(...(copies ? find(uids) : remove(uids)));
				}),
			delete: (uids) =>
				run('delete', uids, () => {
					remove(uids);
				}),
			status: (folder) =>
				run('status', [folder], () =>
					this.mailboxes.has(folder)
						? { uidValidity: this.uidValidity, uidNext: this.nextUid }
						: undefined,
				),
			isSpecial: (folder) => Promise.resolve(['INBOX', 'Sent', 'Trash'].includes(folder)),
			deleteBelow: (folder, _uidValidity, uidBelow) =>
				run('deleteBelow', [folder, uidBelow], () => {
					const kept = this.messagesOf(folder).filter(({ uid }) => uid >= uidBelow);
					const deleted = this.messagesOf(folder).length - kept.length;
					this.mailboxes.set(folder, kept);
					return deleted;
				}),
			deleteSavedBefore: () => Promise.resolve(undefined),
		};
	}

	private refuseOnce(name: string): void {
		const later = this.refuseLater.get(name);
		if (later === undefined) return;
		later.after -= 1;
		if (later.after >= 0) return;
		this.refuseLater.delete(name);
		throw later.error;
	}

	private toScanned(path: string, message: StoredMessage): ScannedMessage {
		const summary: MessageSummary = {
			account: 'neo@example.com@localhost',
			mailbox: path,
			uidValidity: this.uidValidity,
			uid: message.uid,
			messageId: message.messageId,
			from: [message.from],
			to: ['neo@example.com'],
			subject: message.subject,
			date: null,
			receivedAt: message.receivedAt,
			size: message.body.length,
			attachments: [],
		};
		const failure = this.unreadable.get(message.uid);
		return {
			summary: failure === undefined ? summary : { ...summary, from: [], to: [], subject: '' },
			flags: new Set(message.flags),
			textPart: null,
			isCut: this.manyParts.has(message.uid),
			isShortText: true,
			cc: [],
			headers: new Map(
				message.authentication === undefined
					? []
					: [['authentication-results', [message.authentication]]],
			),
			...(failure !== undefined && { failure }),
		};
	}
}

function toBody(text: string, truncated: boolean): BodyText {
	return { text, source: 'text', truncated };
}
