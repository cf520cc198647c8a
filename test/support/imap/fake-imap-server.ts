import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { createTestCa } from '../servers/tls';
import type { TestCa } from '../servers/tls';

/** What the server does on a command: lines to send (`TAG` is replaced), or nothing, a TCP reset, a TCP end. */
export type Reply = readonly string[] | 'silence' | 'reset' | 'end';

/**
 * One answer, several given one after the other (the last one for good), or one that depends on the command line and
 * on the line by which its connection signed in.
 */
export type Answer =
	Reply | { readonly turns: readonly Reply[] } | ((line: string, signIn: string) => Reply);

export interface FakeImapOptions {
	/** Capabilities announced. */
	capability?: string;
	/** First line; left out entirely when empty. */
	greeting?: string;
	/** Answers by command (`UID MOVE`, `SELECT`; `CONTINUE` for a line that goes on with AUTHENTICATE); those given replace the usual ones. */
	answers?: Readonly<Record<string, Answer>>;
	tls?: TestCa;
}

export interface FakeImapServer {
	host: '127.0.0.1';
	port: number;
	/** Authority to trust, PEM. */
	ca: string;
	/** Commands received so far without tags, login data left out. */
	readonly commands: readonly string[];
	/** Connections made so far. */
	readonly connectionCount: number;
	/** Connections that are open. */
	readonly openCount: number;
	/** Says something of itself on all connections. */
	say(line: string): void;
	/** Ends all connections. */
	hangUp(): void;
	stop(): Promise<void>;
}

const CAPABILITY = 'IMAP4rev1 SASL-IR MOVE UIDPLUS NAMESPACE';
const SELECTED = [
	'* 3 EXISTS',
	'* FLAGS (\\Seen \\Flagged \\Deleted)',
	'* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted)] ok',
	'* OK [UIDVALIDITY 7] ok',
	'* OK [UIDNEXT 4] ok',
];
const LISTED = ['* LIST (\\HasNoChildren) "/" INBOX', 'TAG OK listed'];

const UIDS = [1, 2, 3];

/** An orderly server with three messages in INBOX; what is expunged is no longer found. */
const toUsualAnswers = (capability: string): Readonly<Record<string, Reply>> => ({
	CAPABILITY: [`* CAPABILITY ${capability}`, 'TAG OK known'],
	LOGIN: ['TAG OK welcome'],
	AUTHENTICATE: ['TAG OK welcome'],
	NAMESPACE: ['* NAMESPACE (("" "/")) NIL NIL', 'TAG OK'],
	LIST: LISTED,
	LSUB: ['TAG OK'],
	SELECT: [...SELECTED, 'TAG OK [READ-WRITE] selected'],
	EXAMINE: [...SELECTED, 'TAG OK [READ-ONLY] examined'],
	LOGOUT: ['* BYE see you', 'TAG OK'],
	NOOP: ['TAG OK'],
	IDLE: ['+ idling'],
	// The end of an IDLE (RFC 2177) has no tag of its own; that of the IDLE is answered.
	DONE: ['TAG OK ended'],
	'UID STORE': ['TAG OK'],
	'UID EXPUNGE': ['TAG OK'],
	'UID MOVE': ['* OK [COPYUID 9 1:3 11:13] moved', 'TAG OK'],
	'UID COPY': ['TAG OK [COPYUID 9 1:3 11:13] copied'],
	CREATE: ['TAG OK'],
	SUBSCRIBE: ['TAG OK'],
	STATUS: ['* STATUS Done (UIDNEXT 5 UIDVALIDITY 9)', 'TAG OK'],
});

/** A scripted IMAPS server, for what a real one does not do on demand: refuse, fall silent, break off, lack extensions. */
export async function startFakeImapServer(options: FakeImapOptions = {}): Promise<FakeImapServer> {
	const tls = options.tls ?? (await createTestCa());
	const commands: string[] = [];
	const nextReply = createScript(options);
	const sockets = new Set<TLSSocket>();
	const connections = new Map<number | undefined, Socket>();
	let connectionCount = 0;
	const server = createServer({ key: tls.key, cert: tls.cert }, (socket) => {
		sockets.add(socket);
		connectionCount += 1;
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => socket.destroy());
		const greeting = options.greeting ?? '* OK ready';
		if (greeting !== '') socket.write(`${greeting}\r\n`);
		let idleTag = '';
		let signIn = '';
		let signInTag = '';
		onLines(socket, (line) => {
			const parsed =
				line === 'DONE' ? { tag: idleTag, command: line, shown: line } : parseCommand(line);
			const { tag, command, shown } = parsed;
			if (command === '') {
				const isAsked = options.answers?.['CONTINUE'] !== undefined;
				const reply = isAsked ? nextReply('CONTINUE', line, line) : 'silence';
				if (reply !== 'reset') perform(socket, reply, signInTag);
				return;
			}
			if (command === 'AUTHENTICATE') signInTag = tag;
			if (command === 'IDLE') idleTag = tag;
			commands.push(shown);
			if (command === 'LOGIN' || command === 'AUTHENTICATE') signIn = line;
			const reply = nextReply(command, shown, signIn);
			if (reply === 'reset') connections.get(socket.remotePort)?.resetAndDestroy();
			else perform(socket, reply, tag);
		});
	});
	server.on('connection', (connection: Socket) => {
		connections.set(connection.remotePort, connection);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (typeof address !== 'object' || address === null)
		throw new Error('The fake server has no port');
	return {
		host: '127.0.0.1',
		port: address.port,
		ca: tls.ca,
		commands,
		get connectionCount() {
			return connectionCount;
		},
		get openCount() {
			return sockets.size;
		},
		say: (line) => {
			for (const socket of sockets) socket.write(`${line}\r\n`);
		},
		hangUp: () => {
			for (const socket of sockets) socket.end();
		},
		stop: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
			});
		},
	};
}

function createScript({ capability = CAPABILITY, answers = {} }: FakeImapOptions) {
	const usual = toUsualAnswers(capability);
	const turns = new Map<string, number>();
	const expunged = new Set<number>();
	const answerUsually = (command: string, line: string): Reply => {
		if (command === 'UID EXPUNGE') for (const uid of toUids(line)) expunged.add(uid);
		if (command !== 'UID SEARCH') return usual[command] ?? [`TAG BAD unknown command ${command}`];
		const found = UIDS.filter((uid) => !expunged.has(uid));
		return [['* SEARCH', ...found.map(String)].join(' '), 'TAG OK'];
	};
	return (command: string, line: string, signIn: string): Reply => {
		const own = answers[command];
		if (own === undefined) return answerUsually(command, line);
		if (typeof own === 'function') return own(line, signIn);
		if (typeof own === 'string' || !('turns' in own)) return own;
		const turn = turns.get(command) ?? 0;
		turns.set(command, turn + 1);
		return own.turns[turn] ?? own.turns.at(-1) ?? 'silence';
	};
}

/** `UID EXPUNGE 1:2,4` -> 1, 2, 4 */
function toUids(line: string): readonly number[] {
	const ranges = (line.split(' ')[2] ?? '').split(',').map((range) => range.split(':').map(Number));
	return ranges.flatMap(([from = 0, to = from]) =>
		Array.from({ length: to - from + 1 }, (_, index) => from + index),
	);
}

function onLines(socket: TLSSocket, act: (line: string) => void): void {
	let rest = '';
	socket.on('data', (chunk: Buffer) => {
		const lines = (rest + chunk.toString('latin1')).split('\r\n');
		rest = lines.pop() ?? '';
		for (const line of lines) act(line);
	});
}

/** `A1 UID MOVE 1:3 Done` -> its tag, its name and what tests may look at. */
function parseCommand(line: string): { tag: string; command: string; shown: string } {
	const [tag = '', first = '', second = '', ...others] = line.split(' ');
	const name = first.toUpperCase();
	if (name === 'UID') {
		const command = `UID ${second.toUpperCase()}`;
		return { tag, command, shown: [command, ...others].join(' ') };
	}
	const isLogin = name === 'LOGIN' || name === 'AUTHENTICATE';
	const words = isLogin || second === '' ? [name] : [name, second, ...others];
	return { tag, command: name, shown: words.join(' ') };
}

function perform(socket: TLSSocket, reply: Exclude<Reply, 'reset'>, tag: string): void {
	if (reply === 'silence') return;
	if (reply === 'end') socket.end();
	else socket.write(reply.map((line) => `${line.replace(/^TAG/, tag)}\r\n`).join(''));
}
