import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:tls';
import type { TestCa } from '../../support/servers/tls';
import { Passage } from './imap-passage';
import type { ConnectionFault, PlannedFault, Waiting } from './planned-fault';

export type { ConnectionFault };

/** A way into a mail server that opens the TLS of both sides, so that faults can wait for a command. */
export interface ImapGate {
	readonly port: number;
	/** Strikes once; `onStruck` hears of it. */
	plan(fault: PlannedFault, onStruck: (command: string) => void): void;
	/** Leaves these out of what the server says it can do. */
	hide(capabilities: readonly string[]): void;
	/** Forgets the faults that have not struck, and hides nothing any more. */
	clear(): void;
	/** Ends every connection with a reset. */
	cut(): void;
	/** Takes no more connections. */
	close(): void;
	stop(): Promise<void>;
}

/** Opens a gate to a server on this machine. */
export async function openImapGate(server: { port: number; tls: TestCa }): Promise<ImapGate> {
	const { ca, cert, key } = server.tls;
	const open = new Set<Socket>();
	let waiting: Waiting[] = [];

	let hidden: RegExp | undefined;

	const due = (command: string, line: string): Waiting | undefined => {
		const entry = waiting.find(
			({ fault }) => fault.at.test(command) && fault.line?.(line) !== false,
		);
		if (entry === undefined) return undefined;
		entry.seen += 1;
		if (entry.seen < entry.fault.count) return undefined;
		entry.struck += 1;
		if (entry.struck >= (entry.fault.times ?? 1)) {
			waiting = waiting.filter((other) => other !== entry);
		}
		entry.onStruck(command);
		return entry;
	};
	const disguise = (chunk: Buffer): Buffer => {
		if (hidden === undefined || !chunk.includes('CAPABILITY')) return chunk;
		return Buffer.from(chunk.toString('latin1').replaceAll(hidden, ''), 'latin1');
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
		new Passage({ client, server: inner, due, disguise, reset }).open();
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
			waiting.push({ fault, onStruck, seen: 0, struck: 0 });
		},
		hide: (capabilities) => {
			hidden = new RegExp(` (?:${capabilities.join('|')})(?![^ \\r\\]])`, 'g');
		},
		clear: () => {
			waiting = [];
			hidden = undefined;
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
