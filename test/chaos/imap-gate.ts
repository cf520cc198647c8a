import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { TestCa } from '../support/servers/tls';

/** What can happen to a connection; `expire` is how Exchange ends a session whose token is no longer good. */
export type ConnectionFault = 'reset' | 'close' | 'stall' | 'half' | 'expire';

const EXPIRED = '* BYE Session invalidated - AccessTokenExpired\r\n';

/** A fault that waits for its moment. */
export interface PlannedFault {
	/**
	 * Which commands count: `CONNECT`, `AUTHENTICATE`, `SELECT`, `UID FETCH` and so on, `DONE` at the end of an IDLE, and
	 * `EXISTS` for the news of mail during one.
	 */
	readonly at: RegExp;
	/** Strikes at the so-manieth of them, the first is 1. */
	readonly count: number;
	/** Before the server gets the command, or when it has carried it out and the client does not know. */
	readonly when: 'before' | 'after';
	/** A fault of the connection, or something else that happens while the command waits. */
	readonly act: ConnectionFault | (() => Promise<void> | void);
}

/** A way into a mail server that opens the TLS of both sides, so that faults can wait for a command. */
export interface ImapGate {
	readonly port: number;
	/** Strikes once; `onStruck` hears of it. */
	plan(fault: PlannedFault, onStruck: (command: string) => void): void;
	/** Forgets the faults that have not struck. */
	clear(): void;
	/** Ends every connection with a reset. */
	cut(): void;
	/** Takes no more connections. */
	close(): void;
	stop(): Promise<void>;
}

interface Waiting {
	readonly fault: PlannedFault;
	readonly onStruck: (command: string) => void;
	seen: number;
}

const NEWS = /^\* \d+ EXISTS\r\n/;
/** `a1 UID FETCH 1:* ...` -> tag and `UID FETCH`. */
const COMMAND = /^(?<tag>[A-Za-z0-9]+) (?<verb>(?:UID )?[A-Za-z]+)/;

/** Opens a gate to a server on this machine. */
export async function openImapGate(server: { port: number; tls: TestCa }): Promise<ImapGate> {
	const { ca, cert, key } = server.tls;
	const open = new Set<Socket>();
	let waiting: Waiting[] = [];

	const due = (command: string): Waiting | undefined => {
		const entry = waiting.find(({ fault }) => fault.at.test(command));
		if (entry === undefined) return undefined;
		entry.seen += 1;
		if (entry.seen < entry.fault.count) return undefined;
		waiting = waiting.filter((other) => other !== entry);
		entry.onStruck(command);
		return entry;
	};

	const listener = createServer({ cert, key }, (client) => {
		const inner = connect({ host: '127.0.0.1', port: server.port, ca, servername: 'localhost' });
		for (const socket of [client, inner]) {
			open.add(socket);
			socket.on('close', () => {
				open.delete(socket);
				client.destroy();
				inner.destroy();
			});
			// A socket that fails closes, which is seen to above.
			socket.on('error', () => undefined);
		}
		const reset = () => raw.get(client.remotePort)?.resetAndDestroy();
		new Passage({ client, server: inner, due, reset }).open();
	});
	/** By the port at the other end: only beneath TLS a connection can be reset. */
	const raw = new Map<number | undefined, Socket>();
	listener.on('connection', (socket) => {
		const { remotePort } = socket;
		raw.set(remotePort, socket);
		socket.on('close', () => raw.delete(remotePort));
		socket.on('error', () => undefined);
	});
	// Handshakes end when a test cuts connections.
	listener.on('tlsClientError', () => undefined);
	listener.listen(0, '127.0.0.1');
	await once(listener, 'listening');
	const address = listener.address();
	if (address === null || typeof address === 'string') throw new Error('not listening on a port');
	const cut = () => {
		for (const socket of raw.values()) socket.resetAndDestroy();
		for (const socket of open) socket.destroy();
	};
	return {
		port: address.port,
		plan: (fault, onStruck) => {
			waiting.push({ fault, onStruck, seen: 0 });
		},
		clear: () => {
			waiting = [];
		},
		cut,
		close: () => {
			listener.close();
		},
		stop: async () => {
			cut();
			if (!listener.listening) return;
			const closed = once(listener, 'close');
			listener.close();
			await closed;
		},
	};
}

/** One connection through the gate. */
class Passage {
	private stalled = false;
	/** Tag of the IDLE that runs. */
	private idle: string | undefined;
	/** Set while an answer is held back: the fault, and the tag of the command it answers. */
	private held: { readonly entry: Waiting; readonly tag: string; answer: Uint8Array } | undefined;
	/** Keeps commands in order while something happens that takes time. */
	private queue: Promise<void> = Promise.resolve();

	private readonly client: TLSSocket;
	private readonly server: TLSSocket;

	constructor(
		private readonly ends: {
			readonly client: TLSSocket;
			readonly server: TLSSocket;
			readonly due: (command: string) => Waiting | undefined;
			readonly reset: () => void;
		},
	) {
		this.client = ends.client;
		this.server = ends.server;
	}

	open(): void {
		const entry = this.ends.due('CONNECT');
		if (entry !== undefined) this.queue = this.strike(entry).then(() => undefined);
		this.client.on('data', (chunk: Buffer) => {
			this.queue = this.queue.then(() => this.forward(chunk));
		});
		this.server.on('data', (chunk: Buffer) => {
			this.answer(chunk);
		});
	}

	private async forward(chunk: Buffer): Promise<void> {
		if (this.stalled) return;
		const { tag, verb } = this.read(chunk.toString('latin1'));
		const entry = verb === '' ? undefined : this.ends.due(verb);
		if (entry?.fault.when === 'before') {
			if (!(await this.strike(entry))) return;
		} else if (entry !== undefined) this.held = { entry, tag, answer: new Uint8Array() };
		if (this.server.writable) this.server.write(chunk);
	}

	/** The end of an IDLE has no tag; it is answered with that of the IDLE. */
	private read(line: string): { readonly tag: string; readonly verb: string } {
		const { idle = '' } = this;
		this.idle = undefined;
		if (line.startsWith('DONE')) return { tag: idle, verb: 'DONE' };
		const { tag = '', verb = '' } = COMMAND.exec(line)?.groups ?? {};
		const name = verb.toUpperCase();
		if (name === 'IDLE') this.idle = tag;
		return { tag, verb: name };
	}

	private answer(chunk: Buffer): void {
		if (this.stalled) return;
		const { held } = this;
		if (held === undefined && this.idle !== undefined && NEWS.test(chunk.toString('latin1'))) {
			const entry = this.ends.due('EXISTS');
			if (entry !== undefined) {
				void this.strike(entry, chunk);
				return;
			}
		}
		if (held === undefined) {
			this.client.write(chunk);
			return;
		}
		held.answer = Buffer.concat([held.answer, chunk]);
		const text = Buffer.from(held.answer).toString('latin1');
		if (!text.startsWith(`${held.tag} `) && !text.includes(`\r\n${held.tag} `)) return;
		this.held = undefined;
		this.queue = this.queue.then(async () => {
			const goesOn = await this.strike(held.entry, held.answer);
			if (goesOn && this.client.writable) this.client.write(held.answer);
		});
	}

	/** Whether the connection goes on afterwards. */
	private async strike(
		{ fault: { act } }: Waiting,
		answer: Uint8Array = new Uint8Array(),
	): Promise<boolean> {
		if (typeof act === 'function') {
			await act();
			return true;
		}
		this.stalled = true;
		switch (act) {
			case 'stall':
				break;
			case 'close':
				this.client.end();
				break;
			case 'expire':
				this.client.end(EXPIRED);
				break;
			case 'half':
				// What has been written goes out before the end does.
				this.client.end(answer.subarray(0, Math.ceil(answer.length / 2)));
				break;
			case 'reset':
				this.ends.reset();
		}
		return false;
	}
}
