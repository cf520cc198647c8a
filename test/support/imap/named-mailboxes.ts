import type { Answer, FakeImapOptions, Reply } from './fake-imap-server';

/** A server with these mailboxes, as it writes their names on the wire. */
export interface NamedMailboxes {
	/** Answer to NAMESPACE (RFC 2342): `(("INBOX." ".")) (("user." ".")) NIL`. */
	readonly namespace: string;
	readonly delimiter: string;
	/** Names with flags other than `\HasNoChildren`. */
	readonly mailboxes: Readonly<Record<string, string>>;
	/** Beginnings of names that are listed only for whoever asks for them by name. */
	readonly hidden?: readonly string[];
}

/** Answers of a server that knows only its own names, and takes CREATE; `moves` are the targets of UID MOVE. */
export function withMailboxes({ namespace, delimiter, mailboxes, hidden = [] }: NamedMailboxes): {
	readonly script: FakeImapOptions;
	readonly names: ReadonlyMap<string, string>;
	readonly moves: readonly string[];
} {
	const names = new Map(Object.entries(mailboxes));
	const isThere = (name: string) => [...names.keys()].some((known) => toBytes(known) === name);
	const moves: string[] = [];
	const ifThere = (name: string, reply: readonly string[]): Reply =>
		isThere(name) ? reply : ['TAG NO [NONEXISTENT] Mailbox does not exist'];
	const select = (line: string) =>
		ifThere(argumentsOf(line)[1] ?? '', [
			'* 3 EXISTS',
			'* OK [UIDVALIDITY 7] ok',
			'* OK [UIDNEXT 4] ok',
			'TAG OK [READ-WRITE] selected',
		]);
	const answers: Record<string, Answer> = {
		NAMESPACE: [`* NAMESPACE ${namespace}`, 'TAG OK'],
		LIST: (line) => {
			const [, reference = '', pattern = ''] = argumentsOf(line);
			const isWanted = (name: string) =>
				pattern === '*'
					? name.startsWith(reference) &&
						!hidden.some((start) => name.startsWith(start) && !reference.startsWith(start))
					: name === pattern;
			const listed = [...names].filter(([name]) => isWanted(name));
			return [
				...listed.map(([name, flags]) => `* LIST (${flags}) "${delimiter}" ${quote(name)}`),
				'TAG OK listed',
			];
		},
		SELECT: select,
		EXAMINE: select,
		STATUS: (line) => {
			const [, name = ''] = argumentsOf(line);
			const counts = 'MESSAGES 3 UNSEEN 1 UIDNEXT 4 UIDVALIDITY 7';
			return ifThere(name, [`* STATUS ${quote(name)} (${counts})`, 'TAG OK']);
		},
		CREATE: (line) => {
			names.set(Buffer.from(argumentsOf(line)[1] ?? '', 'latin1').toString(), '\\HasNoChildren');
			return ['TAG OK'];
		},
		'UID MOVE': (line) => {
			const target = argumentsOf(line).at(-1) ?? '';
			moves.push(Buffer.from(target, 'latin1').toString());
			return ifThere(target, ['* OK [COPYUID 9 1 11] moved', '* 1 EXPUNGE', 'TAG OK']);
		},
		'UID SEARCH': ['* SEARCH', 'TAG OK'],
		'UID FETCH': ['TAG OK'],
	};
	return { script: { answers }, names, moves };
}

/** What the fake server writes and reads byte by byte. */
const toBytes = (name: string) => Buffer.from(name).toString('latin1');

/** `SELECT "Backup 24/7"` -> SELECT, Backup 24/7 */
function argumentsOf(line: string): readonly string[] {
	const parts = line.match(/"(?:[^"\\]|\\.)*"|[^\s]+/gu) ?? [];
	return parts.map((part) =>
		part.startsWith('"') ? part.slice(1, -1).replaceAll(/\\(.)/gu, '$1') : part,
	);
}

const quote = (name: string) => `"${name.replaceAll(/["\\]/gu, '\\$&')}"`;
