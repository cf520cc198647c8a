import type { Answer, Reply } from './fake-imap-server';

/** A message of a scripted server. */
export interface ScriptedMessage {
	readonly uid: number;
	readonly flags: Set<string>;
	readonly received: Date;
	readonly subject: string;
	readonly from: string;
	readonly body: string;
}

/** What a scripted server says otherwise than the truth; all of it can be changed while it runs. */
export interface Lies {
	/** UIDNEXT of SELECT; null leaves it out. */
	uidNext?: number | null;
	/** UIDNEXT of STATUS; null leaves it out. */
	statusUidNext?: number | null;
	/** EXISTS of SELECT. */
	exists?: number;
	/** UIDs that SEARCH leaves out, or all. */
	hidden?: ReadonlySet<number> | 'all';
	/** False leaves COPYUID out. */
	copyUid?: boolean;
	/** What SELECT says, line by line. */
	selected?: (lines: readonly string[]) => readonly string[];
	/** What FETCH says of a message. */
	row?: (row: string, message: ScriptedMessage) => string;
	/** Answers in place of the usual ones, by command; undefined for the usual one. */
	instead?: (command: string, line: string) => Reply | undefined;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const FLAGS = '\\Seen \\Flagged \\Deleted \\Answered';

/** The mailboxes of a scripted server: an honest one, unless `lies` says otherwise. Give `answers` to startFakeImapServer. */
export class ScriptedStore {
	readonly mailboxes = new Map<string, ScriptedMessage[]>([['INBOX', []]]);
	lies: Lies = {};
	uidValidity = 7;
	/** Whether the server lets clients make keywords. */
	keepsKeywords = true;
	private readonly uidNext = new Map<string, number>();
	private selected = 'INBOX';

	/** Puts a message into a mailbox and returns its UID. */
	deliver(subject: string, more: Partial<ScriptedMessage> = {}, mailbox = 'INBOX'): number {
		const uid = this.nextUid(mailbox);
		this.uidNext.set(mailbox, uid + 1);
		this.messages(mailbox).push({
			flags: new Set(),
			received: new Date(Math.floor(Date.now() / 1000) * 1000),
			from: 'trinity@zion.com',
			body: `About ${subject}`,
			subject,
			...more,
			uid,
		});
		return uid;
	}

	/** The messages of a mailbox, in the order of arrival. */
	messages(mailbox = 'INBOX'): ScriptedMessage[] {
		const messages = this.mailboxes.get(mailbox) ?? [];
		this.mailboxes.set(mailbox, messages);
		return messages;
	}

	subjects(mailbox = 'INBOX'): string[] {
		return (this.mailboxes.get(mailbox) ?? []).map(({ subject }) => subject);
	}

	/** Puts INBOX back to when UIDNEXT was this, as a restored backup does. */
	restore(uidNext: number): void {
		const kept = this.messages().filter(({ uid }) => uid < uidNext);
		this.mailboxes.set('INBOX', kept);
		this.uidNext.set('INBOX', uidNext);
	}

	nextUid(mailbox = 'INBOX'): number {
		return this.uidNext.get(mailbox) ?? 1;
	}

	/** Answers for startFakeImapServer. */
	get answers(): Readonly<Record<string, Answer>> {
		const usual: Readonly<Record<string, (line: string) => Reply>> = {
			SELECT: (line) => this.select(line, 'READ-WRITE'),
			EXAMINE: (line) => this.select(line, 'READ-ONLY'),
			STATUS: (line) => this.status(line),
			'UID SEARCH': (line) => this.search(line, true),
			SEARCH: (line) => this.search(line, false),
			'UID FETCH': (line) => this.fetch(line, true),
			FETCH: (line) => this.fetch(line, false),
			'UID STORE': (line) => this.store(line, true),
			STORE: (line) => this.store(line, false),
			'UID EXPUNGE': (line) => this.expunge(this.pick(line, true)),
			EXPUNGE: () => this.expunge(this.messages(this.selected)),
			'UID MOVE': (line) => this.transfer(line, true),
			'UID COPY': (line) => this.transfer(line, false),
			CREATE: (line) => {
				this.messages(nameOf(line));
				return ['TAG OK created'];
			},
			// The root has no name (RFC 3501, 6.3.8).
			LIST: (line) =>
				line === 'LIST "" ""'
					? ['* LIST (\\Noselect) "/" ""', 'TAG OK']
					: [
							...[...this.mailboxes.keys()].map((name) => `* LIST (\\HasNoChildren) "/" "${name}"`),
							'TAG OK listed',
						],
			NOOP: () => ['TAG OK'],
			IDLE: () => ['+ idling'],
		};
		return Object.fromEntries(
			Object.entries(usual).map(([command, answer]) => [
				command,
				(line: string) => this.lies.instead?.(command, line) ?? answer(line),
			]),
		);
	}

	private select(line: string, access: string): Reply {
		const name = nameOf(line);
		const messages = this.mailboxes.get(name);
		if (messages === undefined) return ['TAG NO [NONEXISTENT] no such mailbox'];
		this.selected = name;
		const { exists = messages.length, uidNext = this.nextUid(name) } =
			name === 'INBOX' ? this.lies : {};
		const lines = [
			`* ${String(exists)} EXISTS`,
			`* FLAGS (${FLAGS})`,
			`* OK [PERMANENTFLAGS (${FLAGS}${this.keepsKeywords ? ' \\*' : ''})] ok`,
			`* OK [UIDVALIDITY ${String(this.uidValidity)}] ok`,
			...(uidNext === null ? [] : [`* OK [UIDNEXT ${String(uidNext)}] ok`]),
			`TAG OK [${access}] selected`,
		];
		return this.lies.selected?.(lines) ?? lines;
	}

	private status(line: string): Reply {
		const name = nameOf(line);
		if (!this.mailboxes.has(name)) return ['TAG NO [NONEXISTENT] no such mailbox'];
		const { statusUidNext = this.nextUid(name) } = name === 'INBOX' ? this.lies : {};
		const uidNext = statusUidNext === null ? '' : `UIDNEXT ${String(statusUidNext)} `;
		const count = `MESSAGES ${String(this.messages(name).length)}`;
		return [
			`* STATUS "${name}" (${uidNext}UIDVALIDITY ${String(this.uidValidity)} ${count})`,
			'TAG OK',
		];
	}

	private search(line: string, byUid: boolean): Reply {
		const { hidden = new Set<number>() } = this.lies;
		const set = /\bUID ([\d:*,]+)/.exec(line.slice('UID SEARCH'.length))?.[1] ?? '1:*';
		const keyword = /\bKEYWORD (\S+)/.exec(line)?.[1];
		const found = this.inSet(set, true)
			.filter(({ uid }) => hidden !== 'all' && !hidden.has(uid))
			.filter(({ flags }) => keyword === undefined || flags.has(keyword))
			.filter(({ flags }) => !/\bUNSEEN\b/.test(line) || !flags.has('\\Seen'))
			.filter(({ flags }) => !/ DELETED\b/.test(line) || flags.has('\\Deleted'));
		const messages = this.messages(this.selected);
		const numbers = found.map((message) => (byUid ? message.uid : messages.indexOf(message) + 1));
		return [['* SEARCH', ...numbers.map(String)].join(' '), 'TAG OK'];
	}

	private fetch(line: string, byUid: boolean): Reply {
		const messages = this.messages(this.selected);
		const rows = this.pick(line, byUid).map((message) => {
			const sequence = String(messages.indexOf(message) + 1);
			const row = `* ${sequence} FETCH (${toItems(message, line).join(' ')})`;
			return this.lies.row?.(row, message) ?? row;
		});
		return [...rows, 'TAG OK fetched'];
	}

	private store(line: string, byUid: boolean): Reply {
		const flags = /\(([^)]*)\)\s*$/.exec(line)?.[1]?.split(' ') ?? [];
		for (const message of this.pick(line, byUid)) {
			for (const flag of flags) {
				if (line.includes(' -FLAGS')) message.flags.delete(flag);
				else message.flags.add(flag);
			}
		}
		return ['TAG OK stored'];
	}

	/** Removes those that are marked \Deleted. */
	private expunge(candidates: readonly ScriptedMessage[]): Reply {
		return [
			...this.remove(candidates.filter(({ flags }) => flags.has('\\Deleted'))),
			'TAG OK expunged',
		];
	}

	private transfer(line: string, moves: boolean): Reply {
		const target = nameOf(line);
		if (!this.mailboxes.has(target)) return ['TAG NO [TRYCREATE] no such mailbox'];
		const messages = this.pick(line, true);
		const copied = messages.map((message) => [
			message.uid,
			this.deliver(message.subject, { ...message, flags: new Set(message.flags) }, target),
		]);
		if (copied.length === 0) return ['TAG OK nothing to do'];
		if (this.lies.copyUid === false)
			return [...(moves ? this.remove(messages) : []), 'TAG OK done'];
		const code = `[COPYUID ${String(this.uidValidity)} ${copied.map(([uid]) => String(uid)).join(',')} ${copied.map(([, uid]) => String(uid)).join(',')}]`;
		return moves
			? [`* OK ${code} moved`, ...this.remove(messages), 'TAG OK done']
			: [`TAG OK ${code} copied`];
	}

	private remove(gone: readonly ScriptedMessage[]): readonly string[] {
		const messages = this.messages(this.selected);
		return gone.map((message) => {
			const index = messages.indexOf(message);
			messages.splice(index, 1);
			return `* ${String(index + 1)} EXPUNGE`;
		});
	}

	/** The messages that the sequence set of a command names. */
	private pick(line: string, byUid: boolean): readonly ScriptedMessage[] {
		return this.inSet(line.split(' ')[byUid ? 2 : 1] ?? '', byUid);
	}

	private inSet(set: string, byUid: boolean): readonly ScriptedMessage[] {
		const messages = this.messages(this.selected);
		const last = byUid ? (messages.at(-1)?.uid ?? 0) : messages.length;
		const ranges = set.split(',').map((range) => {
			const [from = 0, to = from] = range
				.split(':')
				.map((part) => (part === '*' ? last : Number(part)));
			return from <= to ? [from, to] : [to, from];
		});
		return messages.filter(({ uid }, index) => {
			const number = byUid ? uid : index + 1;
			return ranges.some(([from = 0, to = 0]) => from <= number && number <= to);
		});
	}
}

function toItems(message: ScriptedMessage, line: string): readonly string[] {
	const { uid, flags, received, subject, from, body } = message;
	const [user = '', host = ''] = from.split('@');
	const fields = [
		`From: ${from}`,
		`Subject: ${subject}`,
		`Message-ID: <${subject.replaceAll(' ', '-')}@zion.com>`,
	];
	const header = `${fields.join('\r\n')}\r\n\r\n`;
	const wanted = /BODY\.PEEK\[(HEADER\.FIELDS \([^)]*\))\]/i.exec(line)?.[1];
	const part = /BODY\.PEEK\[(1|TEXT|)\](?:<0\.\d+>)?/i.exec(line);
	return [
		`UID ${String(uid)}`,
		...(line.includes('FLAGS') ? [`FLAGS (${[...flags].join(' ')})`] : []),
		...(line.includes('INTERNALDATE') ? [`INTERNALDATE "${toInternalDate(received)}"`] : []),
		...(line.includes('RFC822.SIZE') ? [`RFC822.SIZE ${String(header.length + body.length)}`] : []),
		...(line.includes('ENVELOPE')
			? [
					`ENVELOPE (NIL "${subject}" ((NIL NIL "${user}" "${host}")) NIL NIL NIL NIL NIL NIL "<${subject.replaceAll(' ', '-')}@zion.com>")`,
				]
			: []),
		...(line.includes('BODYSTRUCTURE')
			? [
					`BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "8BIT" ${String(body.length)} 1)`,
				]
			: []),
		...(wanted === undefined ? [] : [`BODY[${wanted}] {${String(header.length)}}\r\n${header}`]),
		...(part === null ? [] : [`BODY[${part[1] ?? ''}]<0> {${String(body.length)}}\r\n${body}`]),
	];
}

/** The mailbox that a command names last: `SELECT "A B"`, `UID MOVE 1 Done`, `STATUS INBOX (UIDNEXT)`. */
function nameOf(line: string): string {
	const words = line.replace(/ \([^)]*\)$/, '');
	return /"([^"]*)"$/.exec(words)?.[1] ?? words.split(' ').at(-1) ?? '';
}

/** `23-Nov-2026 09:05:00 +0000` (RFC 3501, 9: date-time). */
function toInternalDate(date: Date): string {
	const iso = date.toISOString();
	return `${iso.slice(8, 10)}-${MONTHS[date.getUTCMonth()] ?? ''}-${iso.slice(0, 4)} ${iso.slice(11, 19)} +0000`;
}
